import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { hashApiKey, parseApiKey } from './api-key.ts';

const tenantId = newId('tenant');
const random = 'a'.repeat(43);

it('reads tenant, kind and hash from a key', () => {
  const key = `pk_${tenantId.slice(4)}_${random}`;
  expect(parseApiKey(key)).toEqual({ tenantId, kind: 'publishable', hash: hashApiKey(key) });
  expect(parseApiKey(key.replace('pk_', 'sk_'))?.kind).toBe('secret');
  expect(parseApiKey(key.replace('pk_', 'probe_'))?.kind).toBe('probe');
});

it('takes nothing else for a key', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseApiKey(text)).toBeUndefined();
    }),
  );
  for (const key of [
    `xk_${tenantId.slice(4)}_${random}`,
    `pk_${tenantId}_${random}`,
    `pk_${tenantId.slice(4)}_${random}x`,
    `pk_${'z'.repeat(26)}_${random}`,
  ]) {
    expect(parseApiKey(key), key).toBeUndefined();
  }
});
