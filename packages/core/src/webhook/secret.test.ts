import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { createSecretBox, newSigningSecret } from './secret.ts';

const box = createSecretBox(randomBytes(32).toString('base64'));
const owner = { tenantId: newId('tenant'), webhookId: newId('webhook') };

describe('a sealed secret', () => {
  const secret = newSigningSecret();
  const sealed = box.seal(owner, secret);

  it('opens for its own row, and shows nothing of the secret', () => {
    expect(box.open(owner, sealed)).toBe(secret);
    expect(sealed).not.toContain(secret.slice(6, 20));
    expect(box.seal(owner, secret)).not.toBe(sealed);
  });

  it.each([
    ['another tenant', { ...owner, tenantId: newId('tenant') }],
    ['another endpoint', { ...owner, webhookId: newId('webhook') }],
  ])('does not open for %s', (_, other) => {
    expect(() => box.open(other, sealed)).toThrow();
  });

  it('does not open with another key, nor when a bit of it is another', () => {
    expect(() => createSecretBox(randomBytes(32).toString('base64')).open(owner, sealed)).toThrow();
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (const place of [0, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => box.open(owner, `s1.${changed.toString('base64url')}`)).toThrow();
    }
  });
});

it('a key that is too short is refused at once', () => {
  expect(() => createSecretBox(randomBytes(31).toString('base64'))).toThrow(/32 random bytes/);
});
