import * as z from 'zod';

/** What is told apart in the counts. */
export const dataKinds = [
  'shoppers',
  'events',
  'recommendations',
  'catalogueRows',
  'attributionRows',
  'registryRows',
  'usageRows',
  'auditEntries',
  'modelFiles',
  'archiveFiles',
  'exportFiles',
] as const;
export type DataKind = (typeof dataKinds)[number];
export type DataCounts = Readonly<Record<DataKind, number>>;

export const dataCountsSchema = z.object(
  Object.fromEntries(dataKinds.map((kind) => [kind, z.int().nonnegative()])) as Record<DataKind, z.ZodInt>,
);
export const noData: DataCounts = Object.freeze(
  Object.fromEntries(dataKinds.map((kind) => [kind, 0])) as Record<DataKind, number>,
);

export const addCounts = (one: DataCounts, other: DataCounts): DataCounts =>
  Object.fromEntries(dataKinds.map((kind) => [kind, one[kind] + other[kind]])) as Record<DataKind, number>;
