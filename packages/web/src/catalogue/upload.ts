import { api } from '../app.ts';
import type { Row } from './read-file.ts';

/** Items that a request may hold, and bytes well below what its body may have. */
const BATCH_ITEMS_MAX = 100;
const BATCH_BYTES_MAX = 512 * 1024;

/** Cuts rows into batches that the API takes, in their order. */
export function batchesOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const batches: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = new TextEncoder().encode(JSON.stringify(row.item)).byteLength;
    const last = batches.at(-1);
    if (!last || last.length === BATCH_ITEMS_MAX || bytes + size > BATCH_BYTES_MAX) {
      batches.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return batches;
}

/** What the API did not take of a file, by the line. */
export interface Refusal {
  readonly line: number;
  readonly field: string;
  readonly message: string;
}

/** Uploads a batch and says what of it was refused. */
export async function uploadBatch(batch: readonly Row[]): Promise<readonly Refusal[]> {
  const { verdicts } = await api('editItems', { body: { items: batch.map(({ item }) => item) } });
  return verdicts.flatMap(({ index, errors = [] }) =>
    errors.map(({ field, message }) => ({
      line: batch[index]?.line ?? 0,
      field: field.split('.').slice(2).join('.'),
      message,
    })),
  );
}
