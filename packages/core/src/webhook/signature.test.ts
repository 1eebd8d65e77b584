import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSignedBy, parseSignatureHeader, secretBytes, secretText, signatureHeader } from './signature.ts';

const secret = secretText(Buffer.alloc(32, 7));
const at = new Date('2026-11-30T12:00:00.000Z');
const timestamp = at.getTime() / 1000;
const bodies = fc.string({ unit: 'binary', maxLength: 200 });

const headersOf = (secrets: readonly string[], id: string, body: string, seconds = timestamp) => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signatureHeader(secrets, { id, timestamp: seconds, body }),
});

describe('a signature', () => {
  it('is what the specification computes', () => {
    // The example of the Standard Webhooks specification.
    const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
    expect(signatureHeader([example], message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('verifies with any of the secrets that are valid, wherever it stands among others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(3), bodies, (count, position, body) => {
        const secrets = Array.from({ length: count }, () => secretText(randomBytes(32)));
        const one = secrets[position % count] ?? '';
        expect(isSignedBy(one, headersOf(secrets, 'msg_1', body), body, at)).toBe(true);
      }),
    );
  });

  it('does not verify when id, time, body or secret is another', () => {
    fc.assert(
      fc.property(bodies, bodies, (body, other) => {
        fc.pre(body !== other);
        const headers = headersOf([secret], 'msg_1', body);
        expect(isSignedBy(secret, headers, other, at)).toBe(false);
        expect(isSignedBy(secret, { ...headers, 'webhook-id': 'msg_2' }, body, at)).toBe(false);
        expect(isSignedBy(secret, { ...headers, 'webhook-timestamp': String(timestamp + 1) }, body, at)).toBe(false);
        expect(isSignedBy(secretText(Buffer.alloc(32, 8)), headers, body, at)).toBe(false);
      }),
    );
  });

  it('is worth nothing after five minutes', () => {
    const headers = headersOf([secret], 'msg_1', '{}');
    expect(isSignedBy(secret, headers, '{}', new Date(at.getTime() + 300_000))).toBe(true);
    expect(isSignedBy(secret, headers, '{}', new Date(at.getTime() + 301_000))).toBe(false);
  });
});

describe('the parser of signatures', () => {
  it('takes any text, and gives nothing but digests of the known version', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^(v1,[A-Za-z0-9+/=]{0,60} ?){0,20}$/));
    fc.assert(
      fc.property(text, (header) => {
        for (const one of parseSignatureHeader(header)) expect(one).toHaveLength(32);
      }),
    );
  });

  it('passes over other versions, and finds what stands beside them', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^v[02-9]a?,[A-Za-z0-9+/]{4,20}$/), { maxLength: 10 }), (others) => {
        const known = signatureHeader([secret], { id: 'msg_1', timestamp, body: '{}' });
        expect(parseSignatureHeader([...others, known].join(' '))).toHaveLength(1);
      }),
    );
  });
});

it('a secret is read back as it was written, and nothing else is taken for one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
      expect(secretBytes(secretText(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
  for (const text of ['', 'whsec_', 'whsec_AAAA', `whsek_${Buffer.alloc(32).toString('base64')}`, 'whsec_%%%%']) {
    expect(() => secretBytes(text)).toThrow(TypeError);
  }
});
