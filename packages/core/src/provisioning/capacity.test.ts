import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierCatalogue } from '../tier/catalogue.ts';
import { type CapacityUsage, capacityChecks, noRoomReason } from './capacity.ts';

const { silo } = tierCatalogue.premium;
const nothing = { byAll: 0, byTenant: 0 };
const empty: CapacityUsage = {
  tables: nothing,
  silos: nothing,
  pods: nothing,
  associations: nothing,
  nodeCpus: nothing,
};
const plenty = async () => 1_000_000;
const only = (quotaCode: string, value: number) => async (quota: { quotaCode: string }) =>
  quota.quotaCode === quotaCode ? value : 1_000_000;

describe('a further silo', () => {
  it('has room in an empty account whose quotas are large', async () => {
    expect(await noRoomReason(silo, empty, plenty)).toBeUndefined();
  });

  it.each(
    capacityChecks.flatMap((check) => (check.quota ? [{ name: check.name, check, code: check.quota.quotaCode }] : [])),
  )('has none when “$name” is used up, which the reason names', async ({ check, code }) => {
    const usage = { ...empty, [check.counts]: { byAll: 700, byTenant: 0 } };
    expect(await noRoomReason(silo, usage, only(code, 700))).toBe(
      `No room for another silo: the quota “${check.name}” (${code}) of 700 is used up`,
    );
    expect(await noRoomReason(silo, usage, only(code, 699 + check.needed(silo)))).toMatch(code);
    expect(await noRoomReason(silo, usage, only(code, 700 + check.needed(silo)))).toBeUndefined();
  });

  it('is told how much is left when that is not enough', async () => {
    const usage = { ...empty, nodeCpus: { byAll: 60, byTenant: 0 } };
    expect(await noRoomReason(silo, usage, only('L-1216C47A', 64))).toContain('of 64 has 4 left, and 16 are needed');
  });

  it('is held to AWS’s default where the account has no value of its own', async () => {
    expect(await noRoomReason(silo, empty, async () => undefined)).toContain('of 5 has 5 left, and 16 are needed');
  });

  it('is held to limits that Service Quotas does not know', async () => {
    const usage = { ...empty, associations: { byAll: 5000, byTenant: 0 } };
    expect(await noRoomReason(silo, usage, plenty)).toBe(
      'No room for another silo: the quota “Pod Identity associations per cluster” of 5000 is used up',
    );
  });

  it('that cannot learn a quota is not promised', async () => {
    const denied = async () => Promise.reject(new Error('AccessDenied'));
    await expect(noRoomReason(silo, empty, denied)).rejects.toThrow('AccessDenied');
  });
});

describe('a silo that is there', () => {
  it('always has room for what it has, however low the quotas are now', async () => {
    const amount = fc.integer({ min: 0, max: 10_000 });
    await fc.assert(
      fc.asyncProperty(amount, amount, async (others, value) => {
        const own = (byTenant: number) => ({ byAll: others + byTenant, byTenant });
        const usage = {
          tables: own(1),
          silos: own(1),
          pods: own(8),
          associations: own(2),
          nodeCpus: own(16),
        };
        expect(await noRoomReason(silo, usage, async () => value)).toBeUndefined();
      }),
    );
  });
});
