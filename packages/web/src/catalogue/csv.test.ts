import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, separatorOf } from './csv.ts';

const cell = fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\r', '').replaceAll('\uFEFF', ''));
const write = (rows: readonly (readonly string[])[], separator: string, end: string): string =>
  rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(separator)).join(end);

describe('comma-separated values', () => {
  it('are read as they were written, whatever is in them and however lines end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        (rows, separator, end) => {
          const read = parseCsv(write(rows, separator, end), separator);
          expect(read.map(({ cells }) => cells)).toEqual(rows.filter((row) => row.some((one) => one !== '')));
        },
      ),
    );
  });

  it('know the line that each record begins on, also behind cells of several lines and empty ones', () => {
    const read = parseCsv('id,title\n"a","two\nlines"\n\nb,"one"\r\nc', ',');
    expect(read.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, 'id'],
      [2, 'a'],
      [5, 'b'],
      [6, 'c'],
    ]);
  });

  it('are refused where a quote is not closed, with the line', () => {
    expect(() => parseCsv('id\n"a', ',')).toThrow(new SyntaxError('2'));
  });

  it('come with the separator of the first line', () => {
    expect([separatorOf('a;b;c\n1,2'), separatorOf('a\tb'), separatorOf('a')]).toEqual([';', '\t', ',']);
  });
});
