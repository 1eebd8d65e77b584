import { contract } from '@tenantry/core/contract/routes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majorUnits, minorUnits, readItems, textOf } from './read-file.ts';

describe('a file of items', () => {
  it('becomes items as the API takes them', () => {
    const { rows, faults } = readItems(
      'id,title,category,price,currency,available,Image URL,colour,watts\n' +
        'sku-1,"Lamp, tall",Lamps > Floor,49.9,eur,yes,https://cdn.example/1.jpg,black|white,8\n' +
        'sku-2,,,90000,KRW,no,,,\n',
    );
    expect(faults).toEqual([]);
    expect(contract.lookUpItems.response.schema.parse({ items: rows.map(({ item }) => item) }).items).toEqual([
      {
        id: 'sku-1',
        title: 'Lamp, tall',
        category: ['Lamps', 'Floor'],
        price: { amount: 4990, currency: 'EUR' },
        available: true,
        imageUrl: 'https://cdn.example/1.jpg',
        attributes: { colour: ['black', 'white'], watts: 8 },
      },
      { id: 'sku-2', price: { amount: 90_000, currency: 'KRW' }, available: false },
    ]);
  });

  it('is read but for its bad lines, which are named with field and reason', () => {
    const { rows, faults } = readItems(
      'id,price,currency,available,url\ngood,1,EUR,true,\nbad one,x,EU,perhaps,ftp://x\nalone,5,,,\ngood,2,EUR,,',
    );
    expect(rows).toEqual([{ line: 5, item: { id: 'good', price: { amount: 200, currency: 'EUR' } } }]);
    expect(faults.map(({ line, field, fault }) => `${line} ${field} ${fault}`)).toEqual([
      '3 id id',
      '3 url url',
      '3 price number',
      '3 currency currency',
      '3 available boolean',
      '4 currency priceAlone',
      '2 id twice',
    ]);
  });

  it('may be a JSON list, whose places are named', () => {
    const { rows, faults } = readItems('[{"id":"a","title":"A"},{"title":"no id"},{"id":"a"}]');
    expect(rows).toEqual([{ line: 3, item: { id: 'a' } }]);
    expect(faults).toEqual([
      { line: 2, field: 'id', fault: 'id' },
      { line: 1, field: 'id', fault: 'twice' },
    ]);
  });

  it.each([
    ['title\nLamp', 'noHeader'],
    ['', 'noHeader'],
    ['id\n"a', 'unterminated'],
    ['[{"id":', 'notJson'],
    ['{"rows":[]}', 'notJson'],
  ])('%j is refused as a whole', (text, why) => {
    expect(() => readItems(text)).toThrow(why);
  });

  it('never fails in another way, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), fc.json()), (text) => {
        try {
          readItems(`id,price\n${text}`);
          readItems(text);
        } catch (error) {
          expect(['unterminated', 'noHeader', 'notJson']).toContain((error as Error).message);
        }
      }),
    );
  });
});

it('is read as a spreadsheet of the country wrote it', () => {
  expect(textOf(new TextEncoder().encode('램프').buffer, 'ko')).toBe('램프');
  expect(textOf(new Uint8Array([0xb7, 0xa5, 0xc7, 0xc1]).buffer, 'ko')).toBe('램프');
  expect(textOf(new Uint8Array([0x43, 0x61, 0x66, 0xe9]).buffer, 'en')).toBe('Café');
});

describe('amounts', () => {
  it('go to minor units and back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.constantFrom('EUR', 'KRW', 'KWD'), (amount, currency) => {
        expect(minorUnits(majorUnits(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it('that are none are not guessed', () => {
    expect(['1.234', '-1', '1e3', '', 'abc', '1.2.3'].map((text) => minorUnits(text, 'EUR'))).toEqual(
      Array(6).fill(undefined),
    );
    expect(minorUnits('10.5', 'KRW')).toBeUndefined();
  });
});
