/** What a cell may hold. Numbers are written as they are, null as nothing. */
export type Cell = string | number | null | undefined;

/** Tells spreadsheet programs that the text is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * What a spreadsheet program may take for a formula, in both widths; and the apostrophe itself, so that a leading one always means that
 * it was put there.
 */
const taken = /^(?:\s*[=+\-@＝＋－＠]|['\t\r\n])/;

/** Text as a cell, which no spreadsheet program computes: an apostrophe goes before what could be a formula. */
const disarmed = (text: string): string => (taken.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const cellOf = (cell: Cell): string =>
  typeof cell === 'string' ? quoted(disarmed(cell)) : cell === null || cell === undefined ? '' : String(cell);

/**
 * A table by RFC 4180, with a header and a byte order mark. Whoever reads it with a program takes one leading apostrophe off
 * each cell.
 */
export const toCsv = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  BYTE_ORDER_MARK + [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
