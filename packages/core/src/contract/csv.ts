/** Tables as files, for what the site makes of what it was answered. */
export { type Cell, toCsv } from '../export/csv.ts';
