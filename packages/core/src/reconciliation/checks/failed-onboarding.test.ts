import { describe, expect, it } from 'vitest';
import { newId } from '../../ids/id.ts';
import type { Compensation, Tenant } from '../../tenant/tenant.ts';
import type { PartKind } from '../kinds.ts';
import type { Look } from '../look.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkParts } from './parts.ts';

const at = '2026-01-01T00:00:00.000Z';
const failed = (compensation?: Partial<Compensation>): Tenant => ({
  tenantId: newId('tenant'),
  name: 'Shop',
  slug: 'shop',
  tier: 'premium',
  status: 'failed',
  isolation: 'silo',
  createdAt: at,
  createdBy: 'usr_1',
  run: 2,
  ...(compensation
    ? {
        compensation: {
          changeId: 'ten_1-2',
          reason: 'no room',
          since: at,
          everything: false,
          left: [],
          kept: [],
          ...compensation,
        },
      }
    : {}),
});

/** As far as these checks look. */
const lookAt = (tenant: Tenant) =>
  ({
    tenants: new Map([[tenant.tenantId, tenant]]),
    count: () => undefined,
    takeBack: ({ run }: Tenant) => ({ command: `take run ${run} back` }),
    rebuild: () => ({ command: 'build it again' }),
  }) as unknown as Look;

const parts = (tenant: Tenant, kind: PartKind) =>
  checkParts(lookAt(tenant), kind, [
    { resource: 'part', tenantId: tenant.tenantId, removal: { command: 'delete it, whatever it holds' } },
  ]);

describe('of a company whose onboarding failed', () => {
  it('what is remembered as left is told with the reason, and is swept by taking the run back', () => {
    const tenant = failed({ left: ['silo', 'storage'], problem: 'The cluster does not answer.' });
    const [drift, ...others] = checkLeftovers(lookAt(tenant));
    expect(others).toEqual([]);
    expect(drift).toMatchObject({
      kind: 'leftovers',
      tenantId: tenant.tenantId,
      problem:
        'Of an onboarding that failed is left: “Your own recommender starts”, “Your own events table”. The cluster does not answer.',
      remedy: { command: 'take run 2 back' },
    });
    expect(drift?.holds(tenant)).toBe(true);
    expect(drift?.holds({ ...tenant, status: 'provisioning' })).toBe(false);
    expect(drift?.holds(failed())).toBe(false);
    expect(drift?.holds(undefined)).toBe(false);
  });

  it.each<[string, Tenant]>([
    ['nothing', failed()],
    ['only data that was kept', failed({ kept: ['storage'] })],
    ['something of a run that is taken back just now', { ...failed({ left: ['silo'] }), status: 'provisioning' }],
  ])('there is nothing to tell when %s is left', (_, tenant) => {
    expect(checkLeftovers(lookAt(tenant))).toEqual([]);
  });

  it('what nobody remembers is swept by taking the run back, which looks for data first', () => {
    const tenant = failed({ left: ['silo'] });
    expect(parts(tenant, 'namespace')).toEqual([]);
    const [drift] = parts(tenant, 'siloTable');
    expect(drift).toMatchObject({ kind: 'siloTable', resource: 'part', remedy: { command: 'take run 2 back' } });
    expect(drift?.holds(tenant)).toBe(true);
    expect(drift?.holds({ ...tenant, status: 'provisioning' })).toBe(false);
    // It would be mended in another way.
    expect(drift?.holds({ ...tenant, status: 'deleted' })).toBe(false);
  });

  it('of others what should not be there is taken away as before', () => {
    const [drift] = parts({ ...failed(), status: 'deleted' }, 'siloTable');
    expect(drift?.remedy.command).toBe('delete it, whatever it holds');
  });
});
