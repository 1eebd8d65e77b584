import { parseCsv, separatorOf } from './csv.ts';
import type { Item } from './items.ts';

export type Draft = Omit<Item, 'available'> & { readonly available?: boolean };

/** What is wrong, by the name of its sentence. */
export type Fault = 'number' | 'currency' | 'priceAlone' | 'boolean' | 'id' | 'url' | 'twice';

export interface Row {
  /** Where it is in the file, counted from 1; of a JSON list, its place in it. */
  readonly line: number;
  readonly item: unknown;
}
export interface RowFault {
  readonly line: number;
  readonly field: string;
  readonly fault: Fault;
}
export interface ReadFile {
  readonly rows: readonly Row[];
  readonly faults: readonly RowFault[];
}

export type Unreadable = 'unterminated' | 'noHeader' | 'notJson';

const ID = /^[\x21-\x7e]{1,128}$/;
/** Places behind the point of a currency's amounts, as the rest of the site writes them. */
function placesOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount as people write it, in minor units; undefined when it is none. */
export function minorUnits(text: string, currency: string): number | undefined {
  const match = /^(\d{1,12})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return undefined;
  const places = placesOf(currency);
  const [, whole = '0', part = ''] = match;
  if (part.slice(places).replace(/0/g, '') !== '') return undefined;
  return Number(whole) * 10 ** places + Number(part.slice(0, places).padEnd(places, '0'));
}

/** The same the other way, for a form. */
export function majorUnits(amount: number, currency: string): string {
  const places = placesOf(currency);
  return (amount / 10 ** places).toFixed(places);
}

/** The text of a file: UTF-8 where it is such, else as spreadsheets of the reader's country write it. */
export function textOf(bytes: ArrayBuffer, language: 'en' | 'ko'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(language === 'ko' ? 'euc-kr' : 'windows-1252').decode(bytes);
  }
}

export const splitCategory = (text: string): string[] =>
  text
    .split('>')
    .map((level) => level.trim())
    .filter(Boolean);

const truths = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** A number or a truth where the text is one, else the text; several with `|` between them are a list. */
export function attributeOf(text: string): string | number | boolean | string[] {
  if (text.includes('|'))
    return text
      .split('|')
      .map((part) => part.trim())
      .filter(Boolean);
  if (/^-?\d+(\.\d+)?$/.test(text) && text.length < 16) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}

const isWebAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

function itemOf(cells: ReadonlyMap<string, string>, fault: (field: string, fault: Fault) => void): Draft {
  const has = (name: string): string => cells.get(name)?.trim() ?? '';
  const id = has('id');
  if (!ID.test(id)) fault('id', 'id');
  const address = (field: 'url' | 'image_url'): string => {
    const text = has(field);
    if (text && !isWebAddress(text)) fault(field, 'url');
    return text;
  };
  const [url, imageUrl] = [address('url'), address('image_url')];
  const [price, currency] = [has('price'), has('currency').toUpperCase()];
  const amount = price ? minorUnits(price, currency) : undefined;
  if (price && amount === undefined) fault('price', 'number');
  if (currency && !/^[A-Z]{3}$/.test(currency)) fault('currency', 'currency');
  if (Boolean(price) !== Boolean(currency)) fault(price ? 'currency' : 'price', 'priceAlone');
  const available = has('available').toLowerCase();
  if (available && !truths.has(available)) fault('available', 'boolean');
  const category = splitCategory(has('category'));
  const attributes = [...cells].filter(([name, text]) => !known.has(name) && text.trim() !== '');
  return {
    id,
    ...(has('title') ? { title: has('title') } : {}),
    ...(url ? { url } : {}),
    ...(imageUrl ? { imageUrl } : {}),
    ...(category.length > 0 ? { category } : {}),
    ...(amount !== undefined ? { price: { amount, currency } } : {}),
    ...(available ? { available: truths.get(available) ?? true } : {}),
    ...(attributes.length > 0
      ? { attributes: Object.fromEntries(attributes.map(([name, text]) => [name, attributeOf(text.trim())])) }
      : {}),
  };
}

const known = new Set(['id', 'title', 'url', 'image_url', 'category', 'price', 'currency', 'available']);

/**
 * Reads a file of items: comma-separated values with a line of names, or a JSON list. What is wrong is named by its line and field; what only
 * the API can tell is left to it.
 * @throws {Error} with the name of what is wrong with the whole file, an `Unreadable`
 */
export function readItems(text: string): ReadFile {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('[') || trimmed.startsWith('{')) return readJson(trimmed);
  let records: ReturnType<typeof parseCsv>;
  try {
    records = parseCsv(text, separatorOf(text));
  } catch {
    throw new Error('unterminated' satisfies Unreadable);
  }
  const [header, ...rest] = records;
  const names = header?.cells.map((name) => name.trim().toLowerCase().replace(/[ -]/g, '_')) ?? [];
  if (!names.includes('id')) throw new Error('noHeader' satisfies Unreadable);
  const faults: RowFault[] = [];
  const rows = new Map<string, Row>();
  for (const { line, cells } of rest) {
    const before = faults.length;
    const named = new Map(names.map((name, index) => [name, cells[index] ?? '']));
    const item = itemOf(named, (field, fault) => faults.push({ line, field, fault }));
    if (faults.length > before) continue;
    const earlier = rows.get(item.id);
    if (earlier) faults.push({ line: earlier.line, field: 'id', fault: 'twice' });
    rows.delete(item.id);
    rows.set(item.id, { line, item });
  }
  return { rows: [...rows.values()], faults };
}

function readJson(text: string): ReadFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('notJson' satisfies Unreadable);
  }
  const list = Array.isArray(value) ? value : (value as { readonly items?: unknown }).items;
  if (!Array.isArray(list)) throw new Error('notJson' satisfies Unreadable);
  const faults: RowFault[] = [];
  const rows = new Map<string, Row>();
  list.forEach((item: unknown, index) => {
    const line = index + 1;
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
    if (typeof id !== 'string' || !ID.test(id)) {
      faults.push({ line, field: 'id', fault: 'id' });
      return;
    }
    const earlier = rows.get(id);
    if (earlier) faults.push({ line: earlier.line, field: 'id', fault: 'twice' });
    rows.delete(id);
    rows.set(id, { line, item });
  });
  return { rows: [...rows.values()], faults };
}
