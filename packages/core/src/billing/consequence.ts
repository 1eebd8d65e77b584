import type { TenantStatus } from '../tenant/status.ts';
import type { Standing } from './standing.ts';

/**
 * What is done about a company.
 * - `provision`: its onboarding begins.
 * - `align`: it is moved to the tier that it pays for, if it has another, and as soon as it is active.
 * - `suspend`, `reactivate`, `deactivate`, `restore`: its status changes, by the state machine that does so. `reactivate` and `restore` only
 *   undo what the billing itself did.
 * - `later`: something is under way that must end first; it is looked at again.
 */
export const consequences = [
  'nothing',
  'provision',
  'align',
  'suspend',
  'reactivate',
  'deactivate',
  'restore',
  'later',
] as const;
export type Consequence = (typeof consequences)[number];

/** What follows from how a company stands, in each status. Each is safe to repeat. */
export const consequenceTable = {
  none: {
    pending: 'nothing',
    provisioning: 'nothing',
    failed: 'nothing',
    active: 'nothing',
    suspended: 'nothing',
    migrating: 'nothing',
    deactivating: 'nothing',
    deleted: 'nothing',
  },
  paid: {
    pending: 'provision',
    provisioning: 'align',
    failed: 'align',
    active: 'align',
    suspended: 'reactivate',
    migrating: 'align',
    deactivating: 'restore',
    deleted: 'nothing',
  },
  grace: {
    pending: 'nothing',
    provisioning: 'align',
    failed: 'align',
    active: 'align',
    suspended: 'reactivate',
    migrating: 'align',
    deactivating: 'restore',
    deleted: 'nothing',
  },
  overdue: {
    pending: 'nothing',
    provisioning: 'later',
    failed: 'later',
    active: 'suspend',
    suspended: 'suspend',
    migrating: 'later',
    deactivating: 'nothing',
    deleted: 'nothing',
  },
  forfeited: {
    pending: 'nothing',
    provisioning: 'later',
    failed: 'deactivate',
    active: 'deactivate',
    suspended: 'deactivate',
    migrating: 'later',
    deactivating: 'deactivate',
    deleted: 'nothing',
  },
  paused: {
    pending: 'nothing',
    provisioning: 'later',
    failed: 'later',
    active: 'suspend',
    suspended: 'suspend',
    migrating: 'later',
    deactivating: 'nothing',
    deleted: 'nothing',
  },
  ended: {
    pending: 'nothing',
    provisioning: 'later',
    failed: 'deactivate',
    active: 'deactivate',
    suspended: 'deactivate',
    migrating: 'later',
    deactivating: 'deactivate',
    deleted: 'nothing',
  },
} as const satisfies Record<Standing, Record<TenantStatus, Consequence>>;
