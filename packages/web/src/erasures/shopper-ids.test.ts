import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readShopperIds } from './shopper-ids.ts';

const printable = Array.from({ length: 0x7e - 0x20 }, (_, i) => String.fromCharCode(0x21 + i));
const id = fc
  .array(fc.constantFrom(...printable), { minLength: 1, maxLength: 128 })
  .map((characters) => characters.join(''));

test('ids that come one a line are read as they are, each once, whatever ends the lines', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (ids, end) => {
      // A first line that is called like a column is one.
      fc.pre(!/^(shopper_?id|customer_?id|id)$/i.test(ids[0]?.split(/[,;]/)[0] ?? ''));
      fc.pre(!ids[0]?.split(/[,;]/).some((part) => /^"?(shopper_?id|customer_?id|id)"?$/i.test(part)));
      expect(readShopperIds(ids.join(end))).toEqual({ ids: [...new Set(ids)], wrong: [] });
    }),
  );
});

test('of a table the column of ids is taken, by its name, with quotes and separators of all kinds', () => {
  for (const separator of [',', ';', '\t']) {
    const text = ['\uFEFFname', 'Shopper ID'].join(separator);
    const rows = [`Anna${separator}"a${separator}1"`, `Ben${separator}b-2`, `${separator}`, `Ben again${separator}b-2`];
    expect(readShopperIds([text, ...rows].join('\r\n'))).toEqual({
      ids: separator === '\t' ? ['b-2'] : [`a${separator}1`, 'b-2'],
      wrong: separator === '\t' ? [2] : [],
    });
  }
});

test('lines that hold no id are named, and the others are read', () => {
  expect(readShopperIds(`anna\n\nanna smith\n${'x'.repeat(129)}\nbén\nben`)).toEqual({
    ids: ['anna', 'ben'],
    wrong: [3, 4, 5],
  });
  expect(readShopperIds(' \n')).toEqual({ ids: [], wrong: [] });
});
