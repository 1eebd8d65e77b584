import { parseCsv, separatorOf } from '../catalogue/csv.ts';

/** As many as somebody may ask for in one go. */
export const shoppersMax = 200;
const ID = /^[\x21-\x7e]{1,128}$/;
const COLUMN = /^(shopper[_ ]?id|customer[_ ]?id|id)$/i;

/** What somebody typed, pasted or chose as a file. */
export interface ReadIds {
  /** Each once, in the order in which they came. */
  readonly ids: readonly string[];
  /** Lines, counted from 1, that hold no id. */
  readonly wrong: readonly number[];
}

/**
 * Reads ids of shoppers: one a line, or a table as spreadsheets write it whose first line names a column of ids. A shop's ids may hold commas, so without such a line a comma is
 * part of an id.
 */
export function readShopperIds(text: string): ReadIds {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const cells = fromTable(clean) ?? clean.split(/\r?\n/).map((cell, index) => ({ line: index + 1, cell }));
  const filled = cells.map(({ line, cell }) => ({ line, id: cell.trim() })).filter(({ id }) => id !== '');
  return {
    ids: [...new Set(filled.map(({ id }) => id).filter((id) => ID.test(id)))],
    wrong: filled.filter(({ id }) => !ID.test(id)).map(({ line }) => line),
  };
}

/** The cells of the column of ids; undefined when no line names one. */
function fromTable(text: string): readonly { readonly line: number; readonly cell: string }[] | undefined {
  try {
    const [names, ...records] = parseCsv(text, separatorOf(text));
    const column = names?.cells.findIndex((name) => COLUMN.test(name.trim())) ?? -1;
    if (column < 0) return undefined;
    return records.map(({ line, cells }) => ({ line, cell: cells[column] ?? '' }));
  } catch {
    // A quote that is not closed: no table.
    return undefined;
  }
}
