import { execFileSync } from 'node:child_process';
import { recommendationRequestSchema } from '@tenantry/core/contract/recommendation';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asCommand, firstChoices, requestOf, scenarios } from './request.ts';

it('makes a request that the API takes of whatever is chosen', () => {
  const choices = fc.record({
    scenario: fc.constantFrom(...scenarios),
    about: fc.constantFrom('sku-1', ' sku-1 , sku-2,, '),
    limit: fc.integer({ min: 1, max: 50 }),
    category: fc.constantFrom('', 'Shoes', ' Shoes > Running ', '>'),
    maxPerCategory: fc.constantFrom('', '2'),
    excludePurchased: fc.boolean(),
    includeUnavailable: fc.boolean(),
  });
  fc.assert(
    fc.property(choices, (chosen) => {
      const about = chosen.scenario === 'cart' ? chosen.about : 'sku-1';
      recommendationRequestSchema.parse(requestOf('shopper-1', { ...chosen, about }));
    }),
  );
});

it('reads categories from the widest to the narrowest, and carts with commas', () => {
  const request = requestOf('s', { ...firstChoices, scenario: 'cart', about: 'a, b', category: 'Shoes > Running' });
  expect(request).toMatchObject({ cart: ['a', 'b'], filters: { categories: [['Shoes', 'Running']] } });
});

it('gives a command that a shell sends as it is meant, whatever the shopper is called', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
      (shopperId) => {
        const request = requestOf(shopperId, firstChoices);
        const command = asCommand('https://shop.example', request).replace(/^curl/, 'printf "%s\\n"');
        const sent = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
        expect(sent).toContain(JSON.stringify(request));
      },
    ),
    { numRuns: 20 },
  );
});
