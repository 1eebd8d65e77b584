import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { trainOnSessions } from '../training/train.ts';
import { encodeBlob } from './blob.ts';
import type { RankedScenario } from './model.ts';
import { encodeModel } from './model-file.ts';
import { ModelFileError } from './model-file-error.ts';
import { loadModel } from './session-model.ts';

const small = encodeModel(trainOnSessions(sessionsOf(shelvedVisits(60, 3)), { version: 'mdl_small' }));
const learnt = encodeModel(trainOnSessions(sessionsOf(shelvedVisits(5000, 4)), { version: 'mdl_learnt' }));
const scenarios: readonly RankedScenario[] = [
  'personal',
  'similar',
  'bought-together',
  'trending',
  'bestsellers',
  'cart',
];
const ids = ['sku-0', 'sku-1', 'sku-30', 'nobody-has-this'];

/** Whether it is refused by the parser's own error. What is not refused gives lists, whose scores are numbers. */
function isRefused(bytes: Uint8Array): boolean {
  let model: ReturnType<typeof loadModel>;
  try {
    model = loadModel(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError);
    expect(String(error).length).toBeLessThan(300);
    return true;
  }
  const history = ids.map((itemId) => ({ itemId, type: 'view' as const }));
  for (const scenario of scenarios) {
    const list = model.rank({ scenario, history, about: ids, limit: 20, exclude: [] });
    expect(list.length).toBeLessThanOrEqual(20);
    expect(list.every(({ itemId, score }) => typeof itemId === 'string' && Number.isFinite(score))).toBe(true);
  }
  return false;
}

const header = (bytes: Uint8Array): Record<string, unknown> & { meta: object; sections: Record<string, unknown>[] } =>
  JSON.parse(Buffer.from(bytes.subarray(8, 8 + Buffer.from(bytes).readUInt32LE(4))).toString());

/** The same sections behind another header, which may be of another length. */
function withHeader(bytes: Uint8Array, text: string): Uint8Array {
  const start = 8 * Math.ceil((8 + Buffer.from(bytes).readUInt32LE(4)) / 8);
  const encoded = new TextEncoder().encode(text);
  const content = bytes.subarray(start);
  const made = new Uint8Array(8 * Math.ceil((8 + encoded.length) / 8) + content.length);
  made.set(bytes.subarray(0, 4));
  new DataView(made.buffer).setUint32(4, encoded.length, true);
  made.set(encoded, 8);
  made.set(content, made.length - content.length);
  return made;
}

describe('whatever the bytes of a model file, it is refused by an error of its own, or gives lists', () => {
  it('of any length that it is cut to', () => {
    for (let length = 0; length < small.length - 8; length += 37) expect(isRefused(small.slice(0, length))).toBe(true);
  });

  it('with any bytes changed', () => {
    const change = fc.tuple(fc.nat({ max: learnt.length - 1 }), fc.nat({ max: 255 }));
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(small, learnt),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (model, changes) => {
          const bytes = model.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          if (isRefused(bytes)) refused += 1;
        },
      ),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('with any number put where it leads somewhere', () => {
    const value = fc.constantFrom(0, 1, 2, 0x7fffffff, 0xffffffff, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0xff7fffff);
    const { sections } = header(small);
    fc.assert(
      fc.property(fc.nat({ max: sections.length - 1 }), fc.nat(), value, (section, at, number) => {
        const bytes = small.slice();
        const view = new DataView(bytes.buffer);
        const start = 8 * Math.ceil((8 + view.getUint32(4, true)) / 8);
        const { offset, length, type } = sections[section] ?? {};
        if (Number(length) > 0 && type !== 'u8')
          view.setUint32(start + Number(offset) + 4 * (at % Number(length)), number, true);
        isRefused(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('with any header', () => {
    const { meta, sections } = header(small);
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(-8, 4, 8, 1e300, 2 ** 53, 'u32', '__proto__', 'x'.repeat(1000)),
    );
    const fields = fc.constantFrom('name', 'type', 'offset', 'length');
    const lie = fc.tuple(fc.nat({ max: sections.length - 1 }), fields, odd).map(([at, field, value]) => ({
      format: 1,
      meta,
      sections: sections.map((section, other) => (other === at ? { ...section, [field]: value } : section)),
    }));
    const anything = fc.oneof(
      lie,
      fc.record({ format: fc.oneof(fc.constant(1), odd), meta: odd, sections: odd }),
      fc.record({ format: fc.constant(1), meta: fc.constant(meta), sections: fc.array(odd, { maxLength: 4 }) }),
      fc.tuple(fc.constantFrom('version', 'algorithm', 'itemCount', 'heldOut'), odd).map(([field, value]) => ({
        format: 1,
        meta: { ...meta, [field]: value },
        sections,
      })),
      odd,
    );
    fc.assert(
      fc.property(
        fc.oneof(
          anything.map((value) => JSON.stringify(value)),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          isRefused(withHeader(small, text));
        },
      ),
      { numRuns: 500 },
    );
    expect(isRefused(withHeader(small, `${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe(true);
  });

  it('made of nothing but chance', () => {
    const beginning = encodeBlob({ meta: {}, sections: {} }).subarray(0, 8);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(isRefused(bytes)).toBe(true);
        expect(isRefused(Buffer.concat([beginning, bytes]))).toBe(true);
      }),
    );
  });
});

it('sizes that a header claims take no memory', () => {
  const { meta, sections } = header(small);
  const claimed = sections.map((section) => ({ ...section, length: 2 ** 40 }));
  const bytes = withHeader(small, JSON.stringify({ format: 1, meta, sections: claimed }));
  const before = process.memoryUsage().arrayBuffers;
  for (let time = 0; time < 100; time++) expect(isRefused(bytes)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});

it('a table of ids without a free place is refused: looking for an id that is not there would not end', () => {
  const { sections } = header(small);
  const slots = sections.find(({ name }) => name === 'idSlots');
  const bytes = small.slice();
  const view = new DataView(bytes.buffer);
  const start = 8 * Math.ceil((8 + view.getUint32(4, true)) / 8);
  for (let at = 0; at < Number(slots?.length); at++) view.setUint32(start + Number(slots?.offset) + 4 * at, 1, true);
  expect(() => loadModel(bytes)).toThrow(/ids is full/);
});

it('a good file is taken whatever came before', () => {
  const digest = () => createHash('sha256').update(learnt).digest('hex');
  const before = digest();
  expect(isRefused(learnt)).toBe(false);
  expect(digest()).toBe(before);
});
