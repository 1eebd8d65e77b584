import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailCategories, unsubscribeTokenPattern } from './categories.ts';
import { createUnsubscribeTokens } from './unsubscribe-token.ts';

const key = () => randomBytes(32).toString('base64');
const tokens = createUnsubscribeTokens(key());
const sub = fc.uuid();
const category = fc.constantFrom(...mailCategories);

it('a token names whom and what it was issued for, in characters that a path takes', () => {
  fc.assert(
    fc.property(sub, category, (of, from) => {
      const token = tokens.issue({ sub: of, category: from });
      expect(token).toMatch(unsubscribeTokenPattern);
      expect(tokens.open(token)).toEqual({ sub: of, category: from });
    }),
  );
});

it('a token that was changed anywhere, or made with another key, opens nothing', () => {
  const other = createUnsubscribeTokens(key());
  fc.assert(
    fc.property(sub, category, fc.nat(), fc.constantFrom('A', 'z', '0', '-', '.'), (of, from, place, character) => {
      const token = tokens.issue({ sub: of, category: from });
      const at = place % token.length;
      const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
      // The last character of base64 has bits that stand for nothing.
      if (changed !== token && at < token.length - 1) expect(tokens.open(changed)).toBeUndefined();
      expect(other.open(token)).toBeUndefined();
    }),
  );
});

it.each(['', '.', 'a.b', `${'a'.repeat(10_000)}.b`, '../../x'])('%j opens nothing', (token) => {
  expect(tokens.open(token)).toBeUndefined();
});

it('takes no short key', () => {
  expect(() => createUnsubscribeTokens('c2hvcnQ=')).toThrow('32 random bytes');
});
