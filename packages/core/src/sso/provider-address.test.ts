import { describe, expect, it } from 'vitest';
import { assertPublicAddress } from './provider-address.ts';

const taken = (address: string, trusted?: string): boolean => {
  try {
    assertPublicAddress('issuer', address, trusted);
    return true;
  } catch {
    return false;
  }
};

describe('the address of a provider', () => {
  it('is a public name with https', () => {
    for (const address of [
      'https://login.acme.com',
      'https://acme.okta.com/oauth2/default',
      'https://xn--bcher-kva.de',
    ]) {
      expect(taken(address), address).toBe(true);
    }
  });

  it('is no machine, no name inside a network, no other port, and carries nothing', () => {
    for (const address of [
      'http://login.acme.com',
      'https://127.0.0.1',
      'https://2130706433',
      'https://0x7f.1',
      'https://[::1]',
      'https://[::ffff:10.0.0.1]',
      'https://169.254.169.254',
      'https://localhost',
      'https://idp',
      'https://idp.internal',
      'https://idp.acme.local',
      'https://idp.acme.com:8443',
      'https://me:secret@idp.acme.com',
      'https://idp.acme.com#x',
      'https://idp.acme.com.',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not an address',
    ]) {
      expect(taken(address), address).toBe(false);
    }
  });

  it('is also the one on the developer’s own machine, exactly', () => {
    const trusted = 'http://localhost:4409';
    expect(taken(`${trusted}/acme`, trusted)).toBe(true);
    expect(taken('http://localhost:4401', trusted)).toBe(false);
    expect(taken('http://localhost:4409.evil.test', trusted)).toBe(false);
  });
});
