import type { TenantId } from '../ids/id.ts';

/**
 * Keys of the control table. What belongs to a tenant lies under `TENANT#<id>`, so that one LeadingKeys condition
 * covers it; the rest is reachable only by the few functions that cross tenants.
 */
export const controlKeys = {
  tenant: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'META' }),
  member: (tenantId: TenantId, userId: string) => ({ pk: `TENANT#${tenantId}`, sk: `MEMBER#${userId}` }),
  apiKey: (tenantId: TenantId, hash: string) => ({ pk: `TENANT#${tenantId}`, sk: `APIKEY#${hash}` }),
  subscription: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'SUBSCRIPTION' }),
  step: (tenantId: TenantId, step: string) => ({ pk: `TENANT#${tenantId}`, sk: `STEP#${step}` }),
  model: (tenantId: TenantId, modelId: string) => ({ pk: `TENANT#${tenantId}`, sk: `MODEL#${modelId}` }),
  training: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'TRAINING' }),
  slug: (slug: string) => ({ pk: `SLUG#${slug}`, sk: 'SLUG' }),
  user: (sub: string) => ({ pk: `USER#${sub}`, sk: 'PROFILE' }),
  membership: (sub: string, tenantId: TenantId) => ({ pk: `USER#${sub}`, sk: `TENANT#${tenantId}` }),
  receipt: (eventId: string) => ({ pk: `RECEIPT#stripe#${eventId}`, sk: 'RECEIPT' }),
} as const;

/** Tenants by status, oldest first: `gsi1pk`, `gsi1sk` = time of registration. */
export const statusIndex = {
  name: 'gsi1',
  key: (status: string, createdAt: string) => ({ gsi1pk: `STATUS#${status}`, gsi1sk: createdAt }),
} as const;
