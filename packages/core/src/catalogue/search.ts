import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { CatalogueItem } from './item.ts';
import { type ItemPlace, listItems } from './store.ts';

/** Items that one search reads at most; the next one goes on from there. */
const READ_MAX = 2000;
const READ_AT_ONCE = 200;

/** Whether the item's id, title or category holds the text, in whatever case. */
export function holds({ id, title = '', category = [] }: CatalogueItem, text: string): boolean {
  const wanted = text.toLowerCase();
  return [id, title, ...category].some((one) => one.toLowerCase().includes(wanted));
}

/** Items that hold a text, from a place on. There may be more where fewer than asked for are found; `next` is undefined at the end alone. */
export async function searchItems(
  table: Table,
  tenantId: TenantId,
  options: { readonly text: string; readonly from?: ItemPlace | undefined; readonly limit: number },
): Promise<{ readonly items: readonly CatalogueItem[]; readonly next: ItemPlace | undefined }> {
  const found: CatalogueItem[] = [];
  let from = options.from;
  for (let read = 0; read < READ_MAX; read += READ_AT_ONCE) {
    const { items, next } = await listItems(table, tenantId, { from, limit: READ_AT_ONCE });
    for (const item of items) {
      if (!holds(item, options.text)) continue;
      found.push(item);
      if (found.length === options.limit) return { items: found, next: { after: item.id } };
    }
    if (!next) return { items: found, next };
    from = next;
  }
  return { items: found, next: from };
}
