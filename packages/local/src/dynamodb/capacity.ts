import { attributeOf, emptyItem, type Item, itemSize, itemsEqual } from './attribute-value.ts';
import { keyAttributes, optionalPositionOf } from './key.ts';
import type { ReturnConsumedCapacity } from './request.ts';
import type { Index, Table } from './table.ts';

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** Capacity units that calls used, by table and index, as `ReturnConsumedCapacity` reports them. */
export class ConsumedCapacity {
  readonly #tables = new Map<string, { table: number; readonly indexes: Map<Index, number> }>();

  #usage(table: Table) {
    const usage = this.#tables.get(table.name) ?? { table: 0, indexes: new Map<Index, number>() };
    this.#tables.set(table.name, usage);
    return usage;
  }

  /** @param factor 2 within a transaction. */
  addWrite(table: Table, before: Item | undefined, after: Item | undefined, factor = 1): void {
    const usage = this.#usage(table);
    const bytes = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
    usage.table += factor * Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
    for (const index of table.indexes) {
      const units = indexWriteUnits(table, index, before, after);
      if (units > 0) usage.indexes.set(index, (usage.indexes.get(index) ?? 0) + factor * units);
    }
  }

  /** @param factor 0.5 eventually consistent, 1 strongly consistent, 2 within a transaction. */
  addRead(table: Table, bytes: number, factor: number, index?: Index): void {
    const usage = this.#usage(table);
    const units = factor * Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
    if (index) usage.indexes.set(index, (usage.indexes.get(index) ?? 0) + units);
    else usage.table += units;
  }

  /** The list that batches and transactions give, or the only member that single calls give. */
  report(detail: ReturnConsumedCapacity | undefined): readonly object[] {
    if (detail === undefined || detail === 'NONE') return [];
    return [...this.#tables].map(([name, { table, indexes }]) => {
      const total = [...indexes.values()].reduce((sum, units) => sum + units, table);
      if (detail === 'TOTAL') return { TableName: name, CapacityUnits: total };
      const scoped = (scope: Index['scope']) =>
        Object.fromEntries(
          [...indexes]
            .filter(([index]) => index.scope === scope)
            .map(([index, units]) => [index.name, { CapacityUnits: units }]),
        );
      const [local, global] = [scoped('local'), scoped('global')];
      return {
        TableName: name,
        CapacityUnits: total,
        Table: { CapacityUnits: table },
        ...(Object.keys(local).length > 0 ? { LocalSecondaryIndexes: local } : {}),
        ...(Object.keys(global).length > 0 ? { GlobalSecondaryIndexes: global } : {}),
      };
    });
  }

  /** The member of a single call's answer. */
  single(detail: ReturnConsumedCapacity | undefined): { readonly ConsumedCapacity?: object } {
    const [only] = this.report(detail);
    return only ? { ConsumedCapacity: only } : {};
  }

  /** The member of a batch's or transaction's answer. */
  list(detail: ReturnConsumedCapacity | undefined): { readonly ConsumedCapacity?: readonly object[] } {
    const report = this.report(detail);
    return report.length > 0 ? { ConsumedCapacity: report } : {};
  }
}

/** What an index holds of an item. */
export function projectedItem(table: Table, index: Index, item: Item): Item {
  if (index.projection === 'ALL') return item;
  const names = [...keyAttributes(table.keys), ...keyAttributes(index.keys)].map(({ name }) => name);
  if (index.projection !== 'KEYS_ONLY') names.push(...index.projection);
  const projected = emptyItem();
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value) projected[name] = value;
  }
  return projected;
}

/** One write for an entry that comes, goes or changes; two for one that moves. */
function indexWriteUnits(table: Table, index: Index, before: Item | undefined, after: Item | undefined): number {
  const [left, entered] = [before, after].map((item) => item && optionalPositionOf(index.keys, item));
  const old = before && left ? projectedItem(table, index, before) : undefined;
  const fresh = after && entered ? projectedItem(table, index, after) : undefined;
  const units = (item: Item | undefined) => (item ? Math.max(1, Math.ceil(itemSize(item) / WRITE_UNIT_BYTES)) : 0);
  if (!old || !fresh || !left || !entered) return units(old) + units(fresh);
  if (!left.partition.equals(entered.partition) || !left.sort.equals(entered.sort)) return units(old) + units(fresh);
  return itemsEqual(old, fresh) ? 0 : Math.max(units(old), units(fresh));
}
