import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthGrades } from '../health/health.ts';
import { newId } from '../ids/id.ts';
import { parseTenant } from '../tenant/tenant.ts';
import { tierNames } from '../tier/catalogue.ts';
import { arrange, type Company } from './companies.ts';
import { type CompanySort, companySorts } from './company-sort.ts';

const company = fc
  .record({
    at: fc.integer({ min: 0, max: 2 ** 40 }),
    name: fc.string({ minLength: 1, maxLength: 8 }),
    tier: fc.constantFrom(...tierNames),
    grade: fc.constantFrom(...healthGrades),
  })
  .map(({ at, name, tier, grade }): Company => {
    const createdAt = new Date(at).toISOString();
    const row = { tenantId: newId('tenant', at), name, slug: `shop-${at}`, createdAt, createdBy: 'usr_x', run: 1 };
    return {
      tenant: parseTenant({ ...row, tier, status: 'active', isolation: 'pool' }),
      grade,
      health: undefined,
      finance: undefined,
    };
  });
const companies = fc.uniqueArray(company, { selector: ({ tenant }) => tenant.tenantId, maxLength: 30 });
const sort = fc.constantFrom(...companySorts.flatMap((one): CompanySort[] => [one, `-${one}`]));
const ids = (list: readonly Company[]) => list.map(({ tenant }) => tenant.tenantId);

describe('the list of companies', () => {
  it('has everybody exactly once in any order, and the same order whatever it was made from', () => {
    fc.assert(
      fc.property(companies, sort, (list, by) => {
        const arranged = ids(arrange(list, {}, by));
        expect([...arranged].sort()).toEqual([...ids(list)].sort());
        expect(ids(arrange([...list].reverse(), {}, by))).toEqual(arranged);
      }),
    );
  });

  it('sorts by the time of registration', () => {
    fc.assert(
      fc.property(companies, (list) => {
        const times = arrange(list, {}, 'registered').map(({ tenant }) => tenant.createdAt);
        expect(times).toEqual([...times].sort());
      }),
    );
  });

  it('shows exactly those that match all that is asked', () => {
    fc.assert(
      fc.property(companies, fc.constantFrom(...tierNames), fc.constantFrom(...healthGrades), (list, tier, health) => {
        const found = new Set(ids(arrange(list, { tier, health }, 'name')));
        for (const { tenant, grade } of list) {
          expect(found.has(tenant.tenantId)).toBe(tenant.tier === tier && grade === health);
        }
      }),
    );
  });

  it('finds by the whole id alone, and by a part of name or address', () => {
    fc.assert(
      fc.property(companies, (list) => {
        for (const { tenant } of list) {
          expect(ids(arrange(list, { search: tenant.tenantId }, 'name'))).toEqual([tenant.tenantId]);
          expect(ids(arrange(list, { search: tenant.slug }, 'name'))).toContain(tenant.tenantId);
          expect(ids(arrange(list, { search: tenant.name.toLowerCase() }, 'name'))).toContain(tenant.tenantId);
        }
        expect(arrange(list, { among: new Set() }, 'name')).toEqual([]);
      }),
    );
  });
});
