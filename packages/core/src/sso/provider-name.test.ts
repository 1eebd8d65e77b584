import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource } from '../ids/id.ts';
import { parseFederatedName, providerNameOf, tenantOfProvider } from './provider-name.ts';

const tenantId = fc.integer({ min: 0, max: 2 ** 41 }).map((at) => createIdSource(() => at)('tenant'));

describe('the name of a company’s provider', () => {
  it('leads back to that company and to no other, in whatever case the pool writes it', () => {
    fc.assert(
      fc.property(tenantId, fc.string({ minLength: 1, maxLength: 60 }), (company, subject) => {
        const name = providerNameOf(company);
        expect(name).toMatch(/^[^_]{1,32}$/);
        expect(tenantOfProvider(name.toUpperCase())).toBe(company);
        expect(parseFederatedName(`${name}_${subject}`)).toEqual({ tenantId: company, subject });
      }),
    );
  });

  it('is none of anything else', () => {
    for (const name of ['', 'COGNITO', 'Google', 'sso-', 'sso-short', `ten_${'0'.repeat(26)}`]) {
      expect(tenantOfProvider(name), name).toBeUndefined();
      expect(parseFederatedName(`${name}_subject`), name).toBeUndefined();
    }
    expect(parseFederatedName(providerNameOf(createIdSource()('tenant')))).toBeUndefined();
  });

  it('cannot be forged by a subject that looks like a user name of another', () => {
    const [one, other] = [createIdSource()('tenant'), createIdSource()('tenant')];
    expect(parseFederatedName(`${providerNameOf(one)}_${providerNameOf(other)}_x`)?.tenantId).toBe(one);
  });
});
