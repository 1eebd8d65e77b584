import type { Item } from './attribute-value.ts';
import type { Position } from './key.ts';
import type { Source } from './page.ts';
import { type Store, text } from './store.ts';

export interface Bound {
  readonly bytes: Buffer;
  readonly inclusive: boolean;
}

/** Sort keys from `low` to `high`; an absent bound is open. */
export interface SortRange {
  readonly low?: Bound;
  readonly high?: Bound;
}

/** Where a page goes on: the last item's place in the source, and in the table where that is another. */
export interface Start {
  readonly position: Position;
  readonly item: Position;
}

type Value = number | Buffer;

/** The items of one partition, in the order of their sort keys. */
export function* partitionItems(
  store: Store,
  source: Source,
  partition: Buffer,
  range: SortRange,
  options: { readonly descending: boolean; readonly start?: Start },
): Iterable<Item> {
  const { from, conditions, values, prefix } = origin(source);
  const order = options.descending ? 'DESC' : 'ASC';
  conditions.push(`${prefix}partition = ?`);
  values.push(partition);
  for (const [bound, comparator] of [
    [range.low, '>'],
    [range.high, '<'],
  ] as const) {
    if (!bound) continue;
    conditions.push(`${prefix}sort ${comparator}${bound.inclusive ? '=' : ''} ?`);
    values.push(bound.bytes);
  }
  if (options.start) {
    const { position, item } = options.start;
    const comparator = options.descending ? '<' : '>';
    if (source.index) {
      conditions.push(`(${prefix}sort, ${prefix}item_partition, ${prefix}item_sort) ${comparator} (?, ?, ?)`);
      values.push(position.sort, item.partition, item.sort);
    } else {
      conditions.push(`${prefix}sort ${comparator} ?`);
      values.push(position.sort);
    }
  }
  const columns = source.index ? ['sort', 'item_partition', 'item_sort'] : ['sort'];
  const ordering = columns.map((column) => `${prefix}${column} ${order}`).join(', ');
  yield* rows(store, `SELECT items.item FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${ordering}`, values);
}

/** All items, in the order of their partitions' slots. @param until The partition prefix before which to stop. */
export function* allItems(
  store: Store,
  source: Source,
  options: { readonly from?: Buffer; readonly until?: Buffer; readonly start?: Start },
): Iterable<Item> {
  const { from, conditions, values, prefix } = origin(source);
  if (options.from) {
    conditions.push(`${prefix}partition >= ?`);
    values.push(options.from);
  }
  if (options.until) {
    conditions.push(`${prefix}partition < ?`);
    values.push(options.until);
  }
  const columns = source.index ? ['partition', 'sort', 'item_partition', 'item_sort'] : ['partition', 'sort'];
  const qualified = columns.map((column) => prefix + column).join(', ');
  if (options.start) {
    const { position, item } = options.start;
    conditions.push(`(${qualified}) > (${columns.map(() => '?').join(', ')})`);
    values.push(position.partition, position.sort, ...(source.index ? [item.partition, item.sort] : []));
  }
  yield* rows(store, `SELECT items.item FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${qualified}`, values);
}

function origin({ table, index }: Source): {
  readonly from: string;
  readonly prefix: string;
  readonly conditions: string[];
  readonly values: Value[];
} {
  if (!index) return { from: 'items', prefix: 'items.', conditions: ['items.table_id = ?'], values: [table.id] };
  return {
    from: 'index_entries AS entry CROSS JOIN items ON items.id = entry.item_id',
    prefix: 'entry.',
    conditions: ['entry.table_id = ?', 'entry.index_number = ?'],
    values: [table.id, index.number],
  };
}

function* rows(store: Store, sql: string, values: readonly Value[]): Iterable<Item> {
  for (const row of store.iterate(sql, ...values)) yield JSON.parse(text(row, 'item')) as Item;
}
