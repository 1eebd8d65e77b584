import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { createAnswerBox } from './answer-box.ts';
import { type Attempt, fingerprintOf, placeOf } from './attempt.ts';

const box = createAnswerBox(randomBytes(32).toString('base64'));
const attempt: Attempt = {
  tenantId: newId('tenant'),
  userId: newId('user'),
  routeId: 'createApiKey',
  key: 'the key of the sender',
  input: { body: { name: 'Web shop', kind: 'secret' } },
};

describe('an answer that is kept', () => {
  const answer = JSON.stringify({ secret: 'sk_shown_once' });
  const sealed = box.seal(attempt, answer);

  it('opens for its own attempt, and shows nothing', () => {
    expect(box.open(attempt, sealed)).toBe(answer);
    expect(`${sealed} ${JSON.stringify(placeOf(attempt))} ${fingerprintOf(attempt)}`).not.toMatch(/shown|sender|Web/);
  });

  it.each([
    ['with another key of the sender', { key: 'another' }],
    ['of another tenant', { tenantId: newId('tenant') }],
    ['of another user', { userId: newId('user') }],
    ['at another route', { routeId: 'createWebhook' }],
  ])('does not open for an attempt %s', (_, change) => {
    expect(() => box.open({ ...attempt, ...change }, sealed)).toThrow();
  });

  it('does not open with another key of the stage', () => {
    expect(() => createAnswerBox(randomBytes(32).toString('base64')).open(attempt, sealed)).toThrow();
  });
});

it('an input is known again in whichever order its fields come, and another one is never taken for it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), fc.integer(), (fields, one, other) => {
      fc.pre(one !== other);
      const print = (input: unknown) => fingerprintOf({ ...attempt, input: { body: input } });
      const body = { ...fields, changed: one };
      expect(print(Object.fromEntries(Object.entries(body).reverse()))).toBe(print(body));
      expect(print({ ...body, changed: other })).not.toBe(print(body));
    }),
  );
});
