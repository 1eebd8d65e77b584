/** One record of a file, and the line that it begins on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The separator that the first line uses most; spreadsheets of some countries write semicolons. */
export function separatorOf(text: string): ',' | ';' | '\t' {
  const [first = ''] = text.split(/\r?\n/, 1);
  const count = (separator: string): number => first.split(separator).length;
  return ([',', ';', '\t'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

/**
 * Reads comma-separated values as spreadsheets write them (RFC 4180): quotes around what holds separators, quotes or line breaks, a quote within
 * doubled. Empty lines are left out.
 * @throws {SyntaxError} when a quote is not closed
 */
export function parseCsv(text: string, separator: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const record = { line, cells: [] as string[] };
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        for (at += 1; ; at += 1) {
          const character = text[at];
          if (character === undefined) throw new SyntaxError(String(record.line));
          if (character === '"' && text[at + 1] === '"') at += 1;
          else if (character === '"') break;
          if (character === '\n') line += 1;
          cell += character;
        }
        at += 1;
      }
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') {
        cell += text[at];
        at += 1;
      }
      record.cells.push(cell);
      if (text[at] !== separator) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (record.cells.some((cell) => cell !== '')) records.push(record);
  }
  return records;
}
