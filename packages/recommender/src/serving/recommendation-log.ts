import type { Table } from '@tenantry/core/control/table';
import { batchWrite, type Item } from '@tenantry/core/dynamodb/batch-write';
import type { TenantId } from '@tenantry/core/ids/id';
import type { ShopperMemory } from '@tenantry/core/shoppers/registry';

export interface LogTables {
  readonly recommendations: Table;
  readonly shoppers: Table;
  readonly memory: ShopperMemory;
}

/** A list for the log of recommendations, and whom it is for. */
export interface LogRow {
  readonly tenantId: TenantId;
  readonly shopperId: string;
  readonly row: Item;
}

/** Writes lists to the log, with their shoppers before them, so that no row is of a shopper whom nobody knows. */
export async function writeLog(
  { recommendations, shoppers, memory }: LogTables,
  rows: readonly LogRow[],
): Promise<void> {
  const entries = new Map<string, Item>();
  for (const { tenantId, shopperId } of rows) {
    for (const entry of memory.entriesFor(tenantId, [shopperId])) entries.set(`${entry.pk} ${entry.sk}`, entry);
  }
  if (entries.size > 0) {
    await batchWrite([{ table: shoppers, puts: [...entries.values()] }]);
    memory.written([...entries.values()]);
  }
  await batchWrite([{ table: recommendations, puts: rows.map(({ row }) => row) }], { directly: true });
}

/** Collects what is to be logged, for a process that lives on. */
export interface LogBuffer {
  /** Settles when the list is in the log. */
  write(row: LogRow): Promise<void>;
  /** Whether it is so far behind that nothing more should be begun. */
  isFull(): boolean;
  /** Writes what is left. */
  flush(): Promise<void>;
}

/** BatchWriteItem takes as many. */
const ROWS_AT_ONCE = 25;
const WAITS_MS = 50;
const ROWS_MAX = 2_000;

/**
 * Writes the log in batches: a call for many lists costs the process little more than a call for one. One batch is under way at a time; what comes meanwhile
 * is the next.
 */
export function createLogBuffer(
  writeRows: (rows: readonly LogRow[]) => Promise<void>,
  options: { readonly rowsMax?: number; readonly waitsMs?: number } = {},
): LogBuffer {
  const { rowsMax = ROWS_MAX, waitsMs = WAITS_MS } = options;
  let waiting: { readonly row: LogRow; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const writeSome = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const some = waiting.slice(0, ROWS_AT_ONCE);
    waiting = waiting.slice(ROWS_AT_ONCE);
    try {
      await writeRows(some.map(({ row }) => row));
      for (const { done } of some) done();
    } catch (error) {
      for (const { failed } of some) failed(error);
    }
  };
  const schedule = (): void => {
    if (writing) return;
    if (waiting.length >= ROWS_AT_ONCE) start();
    else if (waiting.length > 0) timer ??= setTimeout(start, waitsMs);
  };
  const start = (): void => {
    writing = writeSome().finally(() => {
      writing = undefined;
      schedule();
    });
  };

  return {
    write(row) {
      const written = new Promise<void>((done, failed) => waiting.push({ row, done, failed }));
      schedule();
      return written;
    },
    isFull: () => waiting.length >= rowsMax,
    async flush() {
      while (writing || waiting.length > 0) {
        if (!writing) start();
        await writing;
      }
    },
  };
}
