import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import { readCells, readCsv } from './testing/read-csv.ts';

/** Text that tries to be something else in a table. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('=', '+', '-', '@', '＝', '＠', "'", '"', ',', ';', '\r', '\n', '\t', ' ', 'a', '1', '한', '😀'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('=HYPERLINK("http://x","y")', '@SUM(1)', '-2+3', "'quoted", '\uFEFF', '', '\t=1', ' =1', '\u00a0=1'),
);
const columns = ['first', 'second', 'third'];
const table = fc.array(fc.tuple(hostile, hostile, hostile), { maxLength: 8 });

it('gives every text back as it was, whatever is in it', () => {
  fc.assert(
    fc.property(table, (rows) => {
      expect(readCsv(toCsv(columns, rows))).toEqual(rows.map(([first, second, third]) => ({ first, second, third })));
    }),
    { numRuns: 500 },
  );
});

it('has no cell that a spreadsheet program takes for a formula', () => {
  fc.assert(
    fc.property(table, (rows) => {
      for (const cell of readCells(toCsv(columns, rows)).flat()) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }),
    { numRuns: 500 },
  );
});

it('begins with a byte order mark, ends each line with CR LF, and quotes only where it must', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x', 1],
        ['1,5', null],
        ['say "hi"', undefined],
      ],
    ),
  ).toBe('\uFEFFa,b\r\nx,1\r\n"1,5",\r\n"say ""hi""",\r\n');
});
