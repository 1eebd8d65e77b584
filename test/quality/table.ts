import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** A table with named columns, as text. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a tab- or comma-separated file with a header, gzipped or not. Cells hold no separators; quotes mean nothing. */
export async function readTable(file: string): Promise<Table> {
  const bytes = await readFile(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const separator = header.includes('\t') ? '\t' : ',';
  return {
    columns: header.split(separator).map((column) => column.trim().toLowerCase()),
    rows: lines.map((line) => line.split(separator)),
  };
}

/** The position of the first of some column names; below zero when there is none of them. */
export const columnOf = ({ columns }: Table, ...names: readonly string[]): number =>
  columns.findIndex((column) => names.includes(column));
