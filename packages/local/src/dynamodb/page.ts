import { attributeOf, type Item, itemSize } from './attribute-value.ts';
import { ConsumedCapacity, projectedItem } from './capacity.ts';
import { validationError } from './errors.ts';
import type { Condition } from './expression/condition.ts';
import { meets } from './expression/condition-evaluator.ts';
import type { Path } from './expression/path.ts';
import { checkKeyValue, keyAttributes } from './key.ts';
import { projected } from './read.ts';
import type { QueryRequest, ReturnConsumedCapacity, ScanRequest } from './request.ts';
import type { Index, Table } from './table.ts';

const PAGE_BYTES_MAX = 1_024 * 1_024;

/** What a query or scan reads from: a table, or one of its indexes. */
export interface Source {
  readonly table: Table;
  readonly index?: Index;
}

export interface PageRequest {
  readonly source: Source;
  readonly select: Select;
  readonly limit?: number;
  readonly filter?: Condition;
  readonly projection?: readonly Path[];
  readonly consistent: boolean;
  readonly returnConsumedCapacity?: ReturnConsumedCapacity;
}

export type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';

/** What is returned of each item. @throws {AwsError} `ValidationException` where that contradicts the projection. */
export function selectFor(request: QueryRequest | ScanRequest, projection: readonly Path[] | undefined): Select {
  const parameter = request.ProjectionExpression === undefined ? 'AttributesToGet' : 'ProjectionExpression';
  if (projection && request.Select !== undefined && request.Select !== 'SPECIFIC_ATTRIBUTES') {
    throw validationError(`Cannot specify the ${parameter} when choosing to get ${request.Select}`);
  }
  if (!projection && request.Select === 'SPECIFIC_ATTRIBUTES') {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (request.IndexName === undefined && request.Select === 'ALL_PROJECTED_ATTRIBUTES') {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (request.Select) return request.Select;
  if (projection) return 'SPECIFIC_ATTRIBUTES';
  return request.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

/** @throws {AwsError} `ValidationException` for what the index cannot give. */
export function checkSource({ source: { table, index }, select, projection, consistent }: PageRequest): void {
  if (index?.scope !== 'global') return;
  if (consistent) throw validationError('Consistent reads are not supported on global secondary indexes');
  if (index.projection === 'ALL') return;
  if (select === 'ALL_ATTRIBUTES') {
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const held = new Set([
    ...[...keyAttributes(table.keys), ...keyAttributes(index.keys)].map(({ name }) => name),
    ...(index.projection === 'KEYS_ONLY' ? [] : index.projection),
  ]);
  const missing = (projection ?? []).map(([head]) => head).filter((name) => !held.has(name));
  if (missing.length > 0) {
    throw validationError(
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
    );
  }
}

function startKeyAttributes({ table, index }: Source) {
  const attributes = [...keyAttributes(table.keys), ...(index ? keyAttributes(index.keys) : [])];
  return new Map(attributes.map((attribute) => [attribute.name, attribute]));
}

/** @throws {AwsError} `ValidationException` unless the key has exactly the source's and the table's key attributes. */
export function checkStartKey(source: Source, key: Item): void {
  const invalid = () => validationError('The provided starting key is invalid');
  const attributes = startKeyAttributes(source);
  if (Object.keys(key).length !== attributes.size) throw invalid();
  for (const attribute of attributes.values()) {
    const value = attributeOf(key, attribute.name);
    if (!value) throw invalid();
    const isPartition = attribute === source.table.keys.partition || attribute === source.index?.keys.partition;
    checkKeyValue(attribute, value, isPartition);
  }
}

function visible(item: Item, { source: { table, index }, select, projection }: PageRequest): Item {
  if (!index || select === 'ALL_ATTRIBUTES') return projected(item, projection);
  if (index.scope === 'local' && projection) return projected(item, projection);
  return projected(projectedItem(table, index, item), projection);
}

/** Takes items from `candidates`, in their order, until the page is full by number or by size. */
export function readPage(candidates: Iterable<Item>, request: PageRequest): object {
  const { table, index } = request.source;
  const items: Item[] = [];
  let [scanned, matched, bytes] = [0, 0, 0];
  let last: Item | undefined;
  for (const item of candidates) {
    scanned += 1;
    const read = index ? projectedItem(table, index, item) : item;
    bytes += itemSize(read);
    if (!request.filter || meets(request.select === 'ALL_ATTRIBUTES' ? item : read, request.filter)) {
      matched += 1;
      if (request.select !== 'COUNT') items.push(visible(item, request));
    }
    if (scanned === request.limit || bytes >= PAGE_BYTES_MAX) {
      last = item;
      break;
    }
  }
  const capacity = new ConsumedCapacity();
  capacity.addRead(table, bytes, request.consistent ? 1 : 0.5, index);
  return {
    Count: matched,
    ScannedCount: scanned,
    ...(request.select === 'COUNT' ? {} : { Items: items }),
    ...(last ? { LastEvaluatedKey: startKeyOf(request.source, last) } : {}),
    ...capacity.single(request.returnConsumedCapacity),
  };
}

function startKeyOf(source: Source, item: Item): Item {
  return Object.fromEntries(
    [...startKeyAttributes(source).keys()].flatMap((name) => {
      const value = attributeOf(item, name);
      return value ? [[name, value]] : [];
    }),
  );
}
