import { type ResourceGraph, resourcesOfType } from '@tenantry/local/program/graph';
import { missingCases } from '../routes/completeness.ts';
import { bucketCases, systemBuckets, systemQueues, type TableCase, tableCases } from './store-cases.ts';

/** The stores of a program, by the names that cases use. */
export interface Stores {
  readonly tables: readonly string[];
  /** `Control.gsi1` */
  readonly indexes: readonly string[];
  readonly buckets: readonly string[];
  readonly queues: readonly string[];
}

export function storesOf(graph: ResourceGraph): Stores {
  const tables = resourcesOfType(graph, 'aws:dynamodb/table:Table').map(({ name, inputs }) => ({
    table: name.replace(/Table$/, ''),
    indexes: [inputs.globalSecondaryIndexes, inputs.localSecondaryIndexes].flat() as readonly (
      | { name: string }
      | undefined
    )[],
  }));
  return {
    tables: tables.map(({ table }) => table),
    indexes: tables.flatMap(({ table, indexes }) =>
      indexes.flatMap((index) => (index ? [`${table}.${index.name}`] : [])),
    ),
    buckets: resourcesOfType(graph, 'aws:s3/bucket:Bucket').map(({ name }) => name),
    queues: resourcesOfType(graph, 'aws:sqs/queue:Queue').map(({ name }) => name),
  };
}

/** A sentence for each store without attempts. */
export function uncovered({ tables, indexes, buckets, queues }: Stores): readonly string[] {
  const indexCases = Object.entries<TableCase>(tableCases).flatMap(([table, { indexes: cases }]) =>
    Object.keys(cases).map((index) => [`${table}.${index}`, index]),
  );
  const ofTenants = Object.keys(bucketCases).map((bucket) => [`${bucket}Bucket`, bucket]);
  return [
    ...missingCases('table', tables, tableCases),
    ...missingCases('index', indexes, Object.fromEntries(indexCases)),
    ...missingCases('bucket', buckets, { ...Object.fromEntries(ofTenants), ...systemBuckets }),
    ...missingCases('queue', queues, systemQueues),
  ];
}
