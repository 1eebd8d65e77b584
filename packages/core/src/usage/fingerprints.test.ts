import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { DistinctFingerprints, FINGERPRINT_BYTES, fingerprintsOf } from './fingerprints.ts';

const addAll = (set: DistinctFingerprints, ids: readonly string[], only?: { share: number; of: number }): void => {
  const bytes = fingerprintsOf(ids);
  for (let at = 0; at < bytes.byteLength; at += FINGERPRINT_BYTES) set.add(bytes, at, only);
};

it('counts what is different, in whatever order and however often it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ maxLength: 3 }))), (batches) => {
      const set = new DistinctFingerprints();
      for (const batch of batches) addAll(set, batch);
      expect(set.size).toBe(new Set(batches.flat()).size);
    }),
  );
});

it('loses none while it grows', () => {
  const ids = Array.from({ length: 50_000 }, () => newId('event'));
  const set = new DistinctFingerprints();
  addAll(set, ids);
  addAll(set, ids);
  expect(set.size).toBe(50_000);
});

it('splits into shares that make up the whole, of about the same size', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('event'));
  const sizes = [0, 1, 2, 3].map((share) => {
    const set = new DistinctFingerprints();
    addAll(set, ids, { share, of: 4 });
    return set.size;
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000);
  expect(Math.min(...sizes)).toBeGreaterThan(2200);
});
