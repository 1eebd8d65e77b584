import type { TenantId } from '../ids/id.ts';
import type { Day, Hour } from './hours.ts';
import type { MeterName } from './meter-name.ts';

/**
 * Keys of what is metered. `DUE` sorts before the rest: an erasure that goes through a tenant's rows in order takes these first, and whatever
 * is written afterwards is written on the condition that they are there.
 */
export const usageKeys = {
  /** Says that an hour has something that is not counted, or not handed to the biller. */
  due: (tenantId: TenantId, meter: MeterName, hour: Hour) => ({ pk: pkOf(tenantId), sk: `DUE#${meter}#${hour}` }),
  /** The things of one batch, by what they are: the same things are the same row. */
  evidence: (tenantId: TenantId, meter: MeterName, hour: Hour, digest: string) => ({
    pk: pkOf(tenantId),
    sk: `EVIDENCE#${meter}#${hour}#${digest}`,
  }),
  /** What the biller is to be told. */
  report: (tenantId: TenantId, meter: MeterName, hour: Hour, revision: number) => ({
    pk: pkOf(tenantId),
    sk: `REPORT#${meter}#${hour}#${String(revision).padStart(6, '0')}`,
  }),
  hour: (tenantId: TenantId, meter: MeterName, hour: Hour) => ({
    pk: pkOf(tenantId),
    sk: `USED#HOUR#${meter}#${hour}`,
  }),
  day: (tenantId: TenantId, meter: MeterName, day: Day) => ({ pk: pkOf(tenantId), sk: `USED#DAY#${meter}#${day}` }),
  /** All that was ever metered, and how much of it the outbox holds. */
  total: (tenantId: TenantId, meter: MeterName) => ({ pk: pkOf(tenantId), sk: `USED#TOTAL#${meter}` }),
} as const;

/** What is to be done, whoever it belongs to; nothing but keys is in it. */
export const usageIndex = {
  name: 'gsi1',
  due: 'DUE',
  report: 'REPORT',
} as const;

const pkOf = (tenantId: TenantId): string => `TENANT#${tenantId}`;
