/**
 * Reads a table by RFC 4180, apart from how it is written: the cells of each line as a spreadsheet program sees them.
 * @throws {Error} when the text is no such table
 */
export function readCells(text: string): readonly (readonly string[])[] {
  const table: string[][] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const cell = (): string => {
    if (text[at] !== '"') {
      const end = /[,\r\n"]|$/.exec(text.slice(at))?.index ?? 0;
      at += end;
      return text.slice(at - end, at);
    }
    let value = '';
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) throw new Error('A quoted cell has no end.');
      value += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') return value;
      value += '"';
      at += 1;
    }
  };
  while (at < text.length) {
    const line = [cell()];
    while (text[at] === ',') {
      at += 1;
      line.push(cell());
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`Line ${table.length + 1} does not end.`);
    at += 2;
    table.push(line);
  }
  return table;
}

/** The rows as objects by the header, each cell without the apostrophe that was put before it. */
export function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...lines] = readCells(text);
  return lines.map((line) =>
    Object.fromEntries(header.map((column, i) => [column, (line[i] ?? '').replace(/^'/, '')])),
  );
}
