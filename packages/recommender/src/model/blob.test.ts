import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBlob, encodeBlob } from './blob.ts';

const sections = fc.record({
  bytes: fc.uint8Array({ maxLength: 40 }),
  rows: fc.array(fc.nat(), { maxLength: 20 }).map((values) => Uint32Array.from(values)),
  weights: fc.array(fc.float({ noNaN: true }), { maxLength: 20 }).map((values) => Float32Array.from(values)),
});

it('gives back what was encoded, also from a slice at an odd offset of a larger buffer', () => {
  fc.assert(
    fc.property(sections, fc.jsonValue(), fc.nat({ max: 9 }), (given, meta, shift) => {
      const blob = encodeBlob({ meta: { meta }, sections: given });
      const larger = new Uint8Array(blob.length + 16);
      larger.set(blob, shift);
      const decoded = decodeBlob(larger.subarray(shift, shift + blob.length));
      expect(decoded.sections).toEqual(given);
      expect(decoded.meta).toEqual(JSON.parse(JSON.stringify({ meta })));
    }),
  );
});

it('refuses what is cut off or garbage by an error, and never reads beyond it', () => {
  const blob = encodeBlob({ meta: {}, sections: { rows: Uint32Array.of(1, 2, 3), weights: Float32Array.of(1) } });
  for (let length = 0; length < blob.length - 8; length++) expect(() => decodeBlob(blob.slice(0, length))).toThrow();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
      expect(() => decodeBlob(garbage)).toThrow();
    }),
  );
});
