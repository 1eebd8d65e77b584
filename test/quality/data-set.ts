import { createCorpusBuilder, typeCodes } from '@tenantry/recommender/index/corpus';
import { PREFIX_MAX } from '@tenantry/recommender/ranking/rank-items';
import type { Query } from '@tenantry/recommender/training/evaluate';
import type { ShopSessions } from '@tenantry/recommender/training/sessions';
import { columnOf, readTable, type Table } from './table.ts';

export interface DataSet {
  readonly train: ShopSessions;
  /** By the train sessions' item numbers; -1 for an item that is not in them. */
  readonly queries: readonly Query[];
}

interface NamedSession {
  readonly items: readonly string[];
  readonly types: readonly number[];
  /** Seconds, or the session's place in the file. */
  readonly endedAt: number;
}

/** What data sets call the types of events. */
const typeNames: Readonly<Record<string, number>> = {
  addtocart: typeCodes.cart,
  add_to_cart: typeCodes.cart,
  cart: typeCodes.cart,
  buy: typeCodes.purchase,
  transaction: typeCodes.purchase,
  purchase: typeCodes.purchase,
};

/**
 * Reads sessions, in order of time. Columns: `session` and `items` with a session per row, or a session, an item, and where there are
 * any a time and a type per event.
 * @throws {Error} when a column is missing
 */
function sessionsOf(table: Table): readonly NamedSession[] {
  const session = columnOf(table, 'session', 'sessionid', 'session_id');
  const items = columnOf(table, 'items');
  if (items >= 0) {
    return table.rows.map((row, at) => {
      const own = (row[items] ?? '').split(' ');
      return { items: own, types: own.map(() => typeCodes.view), endedAt: at };
    });
  }
  const item = columnOf(table, 'item', 'itemid', 'item_id');
  const time = columnOf(table, 'time', 'timestamp');
  const type = columnOf(table, 'type', 'event', 'event_type');
  if (session < 0 || item < 0) throw new Error('The data has no columns for session and item.');
  const bySession = new Map<string, { readonly item: string; readonly type: number; readonly time: number }[]>();
  table.rows.forEach((row, at) => {
    const name = row[session] ?? '';
    const seconds = time < 0 ? at : timeOf(row[time] ?? '');
    const event = {
      item: row[item] ?? '',
      type: typeNames[(row[type] ?? '').toLowerCase()] ?? typeCodes.view,
      time: seconds,
    };
    const own = bySession.get(name);
    if (own) own.push(event);
    else bySession.set(name, [event]);
  });
  return [...bySession.values()]
    .map((events): NamedSession => {
      const ordered = events.sort((a, b) => a.time - b.time);
      return {
        items: ordered.map((event) => event.item),
        types: ordered.map((event) => event.type),
        endedAt: ordered.at(-1)?.time ?? 0,
      };
    })
    .sort((a, b) => a.endedAt - b.endedAt);
}

/** Seconds, milliseconds or a date, as seconds. */
function timeOf(text: string): number {
  const number = Number(text);
  const milliseconds = Number.isFinite(number) ? (number > 1e11 ? number : number * 1000) : Date.parse(text);
  return milliseconds / 1000;
}

/** Queries are the rows of `prefix` and `target`, or every event but the first of each session, where train knows the item. */
function queriesFrom(table: Table, numberOf: ReadonlyMap<string, number>): readonly Query[] {
  const prefix = columnOf(table, 'prefix');
  const target = columnOf(table, 'target');
  const known = (ids: readonly string[]): number[] => ids.flatMap((id) => numberOf.get(id) ?? []);
  const query = (items: readonly number[], types: readonly number[], next: number): Query => {
    const latest = Uint32Array.from(items.slice(-PREFIX_MAX));
    return {
      prefix: { items: latest, types: Uint8Array.from(types.slice(-PREFIX_MAX)), length: latest.length },
      next,
    };
  };
  if (prefix >= 0 && target >= 0) {
    return table.rows.map((row) => {
      const items = known((row[prefix] ?? '').split(' '));
      return query(
        items,
        items.map(() => typeCodes.view),
        numberOf.get(row[target] ?? '') ?? -1,
      );
    });
  }
  return sessionsOf(table).flatMap(({ items, types }) => {
    const places = items.flatMap((id, at) => {
      const item = numberOf.get(id);
      return item === undefined ? [] : [{ item, type: types[at] ?? 0 }];
    });
    const all = places.map(({ item }) => item);
    const allTypes = places.map(({ type }) => type);
    return all.slice(1).map((next, at) => query(all.slice(0, at + 1), allTypes.slice(0, at + 1), next));
  });
}

/** @param sample the share of train, its newest part, and of the queries, evenly, that is used */
export async function readDataSet(trainFile: string, testFile: string, sample = 1): Promise<DataSet> {
  const all = sessionsOf(await readTable(trainFile));
  const numberOf = new Map<string, number>();
  const builder = createCorpusBuilder();
  for (const { items, types, endedAt } of all.slice(Math.floor(all.length * (1 - sample)))) {
    const numbers = items.map((id) => {
      const known = numberOf.get(id);
      if (known !== undefined) return known;
      numberOf.set(id, numberOf.size);
      return numberOf.size - 1;
    });
    builder.add(numbers, types, endedAt);
  }
  const queries = queriesFrom(await readTable(testFile), numberOf);
  const step = Math.max(1, Math.round(1 / sample));
  return {
    train: { corpus: builder.build(), itemIds: [...numberOf.keys()] },
    queries: queries.filter((_, at) => at % step === 0),
  };
}
