import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { statusTransitions, type TenantStatus } from '../tenant/status.ts';
import type { Compensation, Tenant } from '../tenant/tenant.ts';
import { type Expected, expectationOf, expectedOf } from './expected.ts';
import { partKinds } from './kinds.ts';

const at = '2026-01-01T00:00:00.000Z';
const tenant = (status: TenantStatus, more: Partial<Tenant> = {}): Tenant => ({
  tenantId: newId('tenant'),
  name: 'Shop',
  slug: 'shop',
  tier: 'premium',
  status,
  isolation: 'silo',
  createdAt: at,
  createdBy: 'usr_1',
  run: 1,
  ...more,
});
const suspension = (wanted: 'suspended' | 'active') => ({ changeId: 'chg_1', wanted, reason: 'unpaid', since: at });
const migration = {
  changeId: 'chg_2',
  number: 1,
  from: 'standard',
  to: 'premium',
  phase: 'switched',
  since: at,
  phaseSince: at,
} as const;

const compensation: Compensation = {
  changeId: 'ten_1-1',
  reason: 'the cluster does not answer',
  since: at,
  everything: false,
  left: [],
  kept: [],
};

describe('what there should be of a company', () => {
  it.each<[string, Tenant | undefined, Partial<Expected>]>([
    [
      'nobody knows',
      undefined,
      { silo: 'none', table: 'none', data: 'none', subscription: 'none', members: 'none', slug: 'none' },
    ],
    ['is deleted', tenant('deleted'), { silo: 'none', data: 'none', rows: 'none', subscription: 'none', slug: 'none' }],
    ['has not paid', tenant('pending'), { silo: 'none', data: 'none', subscription: 'unpaid', slug: 'may' }],
    ['is being provisioned', tenant('provisioning'), { silo: 'may', execution: 'onboarding', slug: 'must' }],
    ['could not be provisioned', tenant('failed'), { silo: 'none', table: 'none', data: 'may', subscription: 'any' }],
    [
      'could not be provisioned, and some of whose silo could not be taken back',
      tenant('failed', { compensation: { ...compensation, left: ['silo'] } }),
      { silo: 'may', table: 'none' },
    ],
    [
      'could not be provisioned, and whose table was kept',
      tenant('failed', { compensation: { ...compensation, kept: ['storage'] } }),
      { silo: 'none', table: 'may' },
    ],
    [
      'could not be provisioned again, since that is taken back',
      tenant('provisioning', { compensation }),
      { silo: 'may', table: 'may', execution: 'onboarding' },
    ],
    ['has a silo', tenant('active'), { silo: 'must', table: 'must', replicas: 'running', subscription: 'paid' }],
    ['is of the pool', tenant('active', { isolation: 'pool' }), { silo: 'none', table: 'none', replicas: 'any' }],
    [
      'is suspended',
      tenant('suspended', { suspension: suspension('suspended') }),
      { silo: 'must', replicas: 'stopped', subscription: 'any' },
    ],
    [
      'is to be served again',
      tenant('suspended', { suspension: suspension('active') }),
      { silo: 'must', replicas: 'any', execution: 'suspension' },
    ],
    [
      'is of the pool and to be served again',
      tenant('suspended', { isolation: 'pool', suspension: suspension('active') }),
      { silo: 'none', execution: 'suspension' },
    ],
    [
      'moves from the pool to a silo',
      tenant('migrating', { isolation: 'pool', migration: { ...migration, phase: 'mirroring' } }),
      { silo: 'may', execution: 'tierChange' },
    ],
    [
      'came to the pool and may still look back',
      tenant('active', { isolation: 'pool', migration }),
      { silo: 'may', subscription: 'paid', execution: 'tierChange' },
    ],
    ['leaves', tenant('deactivating'), { silo: 'may', members: 'any', execution: 'deletion' }],
  ])('that %s', (_, company, expected) => {
    expect(expectedOf(company)).toMatchObject(expected);
    if (!expected.execution) expect(expectedOf(company).execution).toBeUndefined();
  });

  it('is nothing exactly where nothing leads on', () => {
    for (const [status, next] of Object.entries(statusTransitions)) {
      const { data } = expectedOf(tenant(status as TenantStatus));
      if (next.length === 0) expect(data, status).toBe('none');
    }
    expect(Object.keys(expectationOf).sort()).toEqual([...partKinds].sort());
  });
});
