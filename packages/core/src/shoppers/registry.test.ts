import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../ids/id.ts';
import { createShopperMemory, shopperBuckets, shopperKey } from './registry.ts';

const tenantId = newId('tenant');
const DAY_MS = 86_400_000;

describe('the memory of registered shoppers', () => {
  test('asks for each shopper once a day, however often it is seen, and only after the entry was written', () => {
    let now = Date.parse('2026-01-01T08:00:00Z');
    const memory = createShopperMemory({ now: () => now });
    const first = memory.entriesFor(tenantId, ['a', 'b', 'a']);
    expect(first.map(({ sk }) => sk)).toEqual(['a', 'b']);
    // The write failed: both are still to be written.
    expect(memory.entriesFor(tenantId, ['a', 'b'])).toHaveLength(2);
    memory.written(first);
    expect(memory.entriesFor(tenantId, ['a', 'b', 'c']).map(({ sk }) => sk)).toEqual(['c']);
    now += DAY_MS;
    expect(memory.entriesFor(tenantId, ['a'])).toHaveLength(1);
  });

  test('never takes a shopper of one tenant for that of another', () => {
    const memory = createShopperMemory();
    memory.written(memory.entriesFor(tenantId, ['a']));
    expect(memory.entriesFor(newId('tenant'), ['a'])).toHaveLength(1);
  });

  test('forgets the longest unseen beyond its bound, which costs a write and nothing else', () => {
    const memory = createShopperMemory({ shoppersMax: 2 });
    for (const shopper of ['a', 'b', 'c']) memory.written(memory.entriesFor(tenantId, [shopper]));
    expect(memory.entriesFor(tenantId, ['a', 'b', 'c']).map(({ sk }) => sk)).toEqual(['a']);
  });
});

test('a shopper always lies in the same one of the partitions', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 128 }), (shopperId) => {
      const { pk, sk } = shopperKey(tenantId, shopperId);
      const [tenant, bucket] = pk.split('#');
      expect(tenant).toBe(tenantId);
      expect(Number(bucket)).toBeLessThan(shopperBuckets);
      expect(sk).toBe(shopperId);
      expect(shopperKey(tenantId, shopperId)).toEqual({ pk, sk });
    }),
  );
});
