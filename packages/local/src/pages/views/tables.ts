import { emptyNote, json } from '../format.ts';
import { html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

const ITEMS_MAX = 100;
const COLUMNS_MAX = 6;

export async function tablesPage(model: IndexModel): Promise<Page> {
  const tables = await model.tables();
  const body =
    tables.length === 0
      ? emptyNote('There are no tables.')
      : html`<div class="scroll"><table>
<thead><tr><th scope="col">Table</th><th scope="col" class="number">Items</th></tr></thead>
<tbody>${tables.map(
          ({ name, itemCount }) =>
            html`<tr><td><a href="/tables/${encodeURIComponent(name)}">${name}</a></td><td class="number">${itemCount.toLocaleString('en')}</td></tr>`,
        )}</tbody></table></div>`;
  return { title: 'Tables', section: '/tables', body };
}

/** @returns undefined when there is no such table. */
export async function tablePage(model: IndexModel, name: string): Promise<Page | undefined> {
  const items = await model.items(name, ITEMS_MAX);
  if (items === undefined) return undefined;
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))].slice(0, COLUMNS_MAX);
  const cell = (value: unknown): string => {
    if (value === undefined) return '';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  };
  const body =
    items.length === 0
      ? emptyNote('The table is empty.')
      : html`<p class="quiet">${items.length === ITEMS_MAX ? `The first ${ITEMS_MAX} items.` : `${items.length} items.`}</p>
<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}<th scope="col"><span class="visually-hidden">Whole item</span></th></tr></thead>
<tbody>${items.map(
          (item) => html`<tr>${columns.map((column) => html`<td><code>${cell(item[column])}</code></td>`)}
<td><details><summary>All</summary><pre>${json(item)}</pre></details></td></tr>`,
        )}</tbody></table></div>`;
  return { title: name, section: '/tables', body };
}
