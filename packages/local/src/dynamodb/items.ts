import { attributeOf, type Item, itemSize, itemsEqual } from './attribute-value.ts';
import { keyOf, optionalPositionOf, type Position, positionOf } from './key.ts';
import { integer, type Store, text } from './store.ts';
import type { StreamLog } from './stream-log.ts';
import type { Index, Table } from './table.ts';

/** Seconds since the epoch beyond which a number is no time (the year 33658). */
const EXPIRY_MAX = 1e12;

export interface StoredItem {
  readonly id: number;
  readonly item: Item;
}

/** Items, their index entries and the stream's records of their changes, kept together. */
export class Items {
  readonly #store: Store;
  readonly #log: StreamLog;

  constructor(store: Store, log: StreamLog) {
    this.#store = store;
    this.#log = log;
  }

  find(table: Table, position: Position): StoredItem | undefined {
    const row = this.#store.get(
      'SELECT id, item FROM items WHERE table_id = ? AND partition = ? AND sort = ?',
      table.id,
      position.partition,
      position.sort,
    );
    return row && { id: integer(row, 'id'), item: JSON.parse(text(row, 'item')) as Item };
  }

  /**
   * Replaces, inserts or (without `after`) deletes an item. Call it inside a transaction. A change that changes nothing
   * is not recorded.
   */
  change(
    table: Table,
    position: Position,
    before: StoredItem | undefined,
    after: Item | undefined,
    byService = false,
  ): void {
    if (!before && !after) return;
    if (before && after && itemsEqual(before.item, after)) return;
    const id = this.#write(table, position, before, after);
    for (const index of table.indexes) this.#reindex(table, index, id, position, before?.item, after);
    if (table.stream) this.#log.append(table, table.stream, { before: before?.item, after, byService });
  }

  #write(table: Table, position: Position, before: StoredItem | undefined, after: Item | undefined): number {
    if (!after) {
      if (before) this.#store.run('DELETE FROM items WHERE id = ?', before.id);
      return before?.id ?? 0;
    }
    const json = JSON.stringify(after);
    const expires = expiryOf(table, after);
    if (before) {
      this.#store.run(
        'UPDATE items SET item = ?, size = ?, expires = ? WHERE id = ?',
        json,
        itemSize(after),
        expires,
        before.id,
      );
      return before.id;
    }
    return this.#store.run(
      'INSERT INTO items (table_id, partition, sort, item, size, expires) VALUES (?, ?, ?, ?, ?, ?)',
      table.id,
      position.partition,
      position.sort,
      json,
      itemSize(after),
      expires,
    ).id;
  }

  #reindex(
    table: Table,
    index: Index,
    id: number,
    position: Position,
    before: Item | undefined,
    after: Item | undefined,
  ): void {
    const left = before && optionalPositionOf(index.keys, before);
    const entered = after && optionalPositionOf(index.keys, after);
    if (left && entered && left.partition.equals(entered.partition) && left.sort.equals(entered.sort)) return;
    if (left) {
      this.#store.run(
        `DELETE FROM index_entries WHERE table_id = ? AND index_number = ? AND partition = ? AND sort = ?
           AND item_partition = ? AND item_sort = ?`,
        table.id,
        index.number,
        left.partition,
        left.sort,
        position.partition,
        position.sort,
      );
    }
    if (entered) {
      this.#store.run(
        'INSERT INTO index_entries VALUES (?, ?, ?, ?, ?, ?, ?)',
        table.id,
        index.number,
        entered.partition,
        entered.sort,
        position.partition,
        position.sort,
        id,
      );
    }
  }

  /** Enters every item of the table into a new index. */
  fillIndex(table: Table, index: Index): void {
    for (const row of this.#store.iterate('SELECT id, item FROM items WHERE table_id = ?', table.id)) {
      const item = JSON.parse(text(row, 'item')) as Item;
      this.#reindex(table, index, integer(row, 'id'), positionOf(table.keys, item), undefined, item);
    }
  }

  dropIndex(table: Table, index: Index): void {
    this.#store.run('DELETE FROM index_entries WHERE table_id = ? AND index_number = ?', table.id, index.number);
  }

  /** Brings every item's expiry in line with the table's TTL attribute. */
  refreshExpiry(table: Table): void {
    if (!table.ttlAttribute) {
      this.#store.run('UPDATE items SET expires = NULL WHERE table_id = ? AND expires IS NOT NULL', table.id);
      return;
    }
    for (const row of this.#store.all('SELECT id, item FROM items WHERE table_id = ?', table.id)) {
      const expires = expiryOf(table, JSON.parse(text(row, 'item')) as Item);
      this.#store.run('UPDATE items SET expires = ? WHERE id = ?', expires, integer(row, 'id'));
    }
  }

  /**
   * Keys of items whose time had come.
   * @param after Seconds since the epoch: items that expired before it are left alone, as DynamoDB does after five years.
   */
  expired(table: Table, after: number, until: number, limit: number): readonly Item[] {
    const rows = this.#store.all(
      'SELECT item FROM items WHERE table_id = ? AND expires > ? AND expires <= ? ORDER BY expires LIMIT ?',
      table.id,
      after,
      until,
      limit,
    );
    return rows.map((row) => keyOf(table.keys, JSON.parse(text(row, 'item')) as Item));
  }

  deleteAll(table: Table): void {
    this.#store.run('DELETE FROM index_entries WHERE table_id = ?', table.id);
    this.#store.run('DELETE FROM items WHERE table_id = ?', table.id);
  }

  /** Bytes as DynamoDB counts them. */
  totals(table: Table): { readonly count: number; readonly bytes: number } {
    const row = this.#store.get(
      'SELECT COUNT(*) AS count, COALESCE(SUM(size), 0) AS bytes FROM items WHERE table_id = ?',
      table.id,
    );
    if (!row) throw new Error('an aggregate without a row');
    return { count: integer(row, 'count'), bytes: integer(row, 'bytes') };
  }
}

function expiryOf(table: Table, item: Item): number | null {
  const value = table.ttlAttribute === undefined ? undefined : attributeOf(item, table.ttlAttribute);
  const seconds = value && 'N' in value ? Math.floor(Number(value.N)) : Number.NaN;
  return seconds > 0 && seconds < EXPIRY_MAX ? seconds : null;
}
