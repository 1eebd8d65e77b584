import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { siloMinutes } from './silo-minutes.ts';

const now = new Date('2026-11-20T10:05:30.000Z');
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
const silo = (more: Partial<Tenant>): Tenant => ({
  tenantId: newId('tenant'),
  name: 'Shop',
  slug: 'shop',
  tier: 'premium',
  status: 'active',
  isolation: 'silo',
  createdAt: ago(10_000),
  changedAt: ago(10_000),
  createdBy: newId('user'),
  run: 1,
  siloEndpoint: { address: '127.0.0.1', port: 443, tls: true, host: 'shop.silo.localhost' },
  ...more,
});
const countOf = (tenant: Tenant, at = now): number => [...siloMinutes(tenant, at).values()].flat().length;

it('counts the last hour of a silo that serves, in the hours in which its minutes lie', () => {
  const minutes = siloMinutes(silo({}), now);
  expect([...minutes].map(([hour, ids]) => [hour, ids.length])).toEqual([
    ['2026-11-20T09', 54],
    ['2026-11-20T10', 5],
  ]);
});

it('counts nothing before the last change, nothing in the pool, and nothing of a silo that does not serve', () => {
  expect(countOf(silo({ changedAt: ago(10) }))).toBe(9);
  expect(countOf(silo({ isolation: 'pool' }))).toBe(0);
  expect(countOf(silo({ status: 'suspended' }))).toBe(0);
  expect(countOf(silo({ siloEndpoint: undefined }))).toBe(0);
});

it('misses and repeats no minute of a silo that is looked at at least once an hour', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 59 }), { minLength: 1, maxLength: 30 }), (gaps) => {
      const tenant = silo({ changedAt: now.toISOString() });
      const seen = new Set<string>();
      let at = now.getTime();
      for (const gap of gaps) {
        at += gap * 60_000;
        for (const ids of siloMinutes(tenant, new Date(at)).values()) for (const id of ids) seen.add(id);
      }
      // The minute in which it came is not whole.
      expect(seen.size).toBe((at - now.getTime()) / 60_000 - 1);
    }),
  );
});
