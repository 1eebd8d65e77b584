import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from './context.ts';
import { positionOf } from './key.ts';
import type { Table } from './table.ts';

const BATCH = 100;
const FIVE_YEARS_S = 5 * 365 * 24 * 60 * 60;

/**
 * Deletes the items whose time has come, as the service does: recorded in the stream as its own deletions. Lets other
 * work go on between batches.
 * @returns How many items went.
 */
export async function sweepExpired(context: Context, isClosed: () => boolean): Promise<number> {
  let deleted = 0;
  for (const { name, ttlAttribute } of context.catalogue.all()) {
    if (ttlAttribute === undefined) continue;
    for (;;) {
      if (isClosed()) return deleted;
      const table = context.catalogue.find(name);
      const batch = table ? sweepBatch(context, table) : 0;
      deleted += batch;
      if (batch < BATCH) break;
      await nextTurn();
    }
  }
  return deleted;
}

function sweepBatch(context: Context, table: Table): number {
  const seconds = Math.floor(context.now() / 1_000);
  return context.store.transaction(() => {
    const keys = context.items.expired(table, seconds - FIVE_YEARS_S, seconds, BATCH);
    for (const key of keys) {
      const position = positionOf(table.keys, key);
      context.items.change(table, position, context.items.find(table, position), undefined, true);
    }
    return keys.length;
  });
}
