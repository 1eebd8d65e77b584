import type { FlagName } from '../flag/flags.ts';
import type { Id, TenantId } from '../ids/id.ts';
import type { JobName } from '../jobs/jobs.ts';

/**
 * Keys of the control table. What belongs to a tenant lies under `TENANT#<id>`: its registry there, and each concern that its own
 * users write in a partition of its own below, so that a condition on leading keys can tell an access profile that may
 * write API keys from one that may write models, and neither can touch the registry. The rest is reachable only by the few
 * functions that cross tenants.
 */
export const controlKeys = {
  /** Registry: written by registration, billing, onboarding and operators; read by the tenant's users. */
  tenant: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'META' }),
  member: (tenantId: TenantId, userId: string) => ({ pk: `TENANT#${tenantId}`, sk: `MEMBER#${userId}` }),
  impersonation: (tenantId: TenantId, userId: string) => ({ pk: `TENANT#${tenantId}`, sk: `IMPERSONATION#${userId}` }),
  subscription: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'SUBSCRIPTION' }),
  /** A step that a tenant is taken through; `journey` as `journeySteps` calls it. */
  step: (tenantId: TenantId, journey: string, step: string) => ({
    pk: `TENANT#${tenantId}`,
    sk: `${journey === 'onboarding' ? 'STEP' : journey.toUpperCase()}#${step}`,
  }),
  /** What was found of a tenant when its deletion began, and the certificate in the end. */
  certificate: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}`, sk: 'CERTIFICATE' }),
  checkout: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#BILLING`, sk: 'CHECKOUT' }),
  /** A mail to people of the company, by its occasion. */
  mail: (tenantId: TenantId, key: string) => ({ pk: `TENANT#${tenantId}#MAIL`, sk: `MAIL#${key}` }),
  invitation: (tenantId: TenantId, invitationId: Id<'invitation'>) => ({
    pk: `TENANT#${tenantId}#USERS`,
    sk: `INVITATION#${invitationId}`,
  }),
  /** Counts the changes of who belongs to the company. */
  roster: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#USERS`, sk: 'ROSTER' }),
  /** Of single sign-on: the company's provider, a domain that it claims, and somebody who came by it. */
  ssoProvider: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#SSO`, sk: 'PROVIDER' }),
  ssoDomain: (tenantId: TenantId, domain: string) => ({ pk: `TENANT#${tenantId}#SSO`, sk: `DOMAIN#${domain}` }),
  ssoPerson: (tenantId: TenantId, sub: string) => ({ pk: `TENANT#${tenantId}#SSO`, sk: `PERSON#${sub}` }),
  /** Which company has verified a mail domain; there is one at most. */
  mailDomain: (domain: string) => ({ pk: `DOMAIN#${domain}`, sk: 'DOMAIN' }),
  apiKey: (tenantId: TenantId, hash: string) => ({ pk: `TENANT#${tenantId}#KEYS`, sk: `APIKEY#${hash}` }),
  /** The key of the onboarding's probe; there is one at most. */
  probeKey: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#PROBE`, sk: 'KEY' }),
  model: (tenantId: TenantId, modelId: string) => ({ pk: `TENANT#${tenantId}#MODELS`, sk: `MODEL#${modelId}` }),
  training: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#MODELS`, sk: 'TRAINING' }),
  /** A training that has ended. */
  trainingRun: (tenantId: TenantId, trainingId: string) => ({
    pk: `TENANT#${tenantId}#MODELS`,
    sk: `RUN#${trainingId}`,
  }),
  export: (tenantId: TenantId, exportId: string) => ({ pk: `TENANT#${tenantId}#EXPORTS`, sk: `EXPORT#${exportId}` }),
  /** The newest export, of which one at a time may run. */
  newestExport: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#EXPORTS`, sk: 'NEWEST' }),
  /** How many erasures of shoppers are owed, and the run that is under way. */
  erasures: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#ERASURES`, sk: 'STATE' }),
  owedErasure: (tenantId: TenantId, erasureId: string) => ({
    pk: `TENANT#${tenantId}#ERASURES`,
    sk: `OWED#${erasureId}`,
  }),
  doneErasure: (tenantId: TenantId, erasureId: string) => ({
    pk: `TENANT#${tenantId}#ERASURES`,
    sk: `DONE#${erasureId}`,
  }),
  /** That a shopper is to be erased, or was lately, by the hash of its id. */
  erasedShopper: (tenantId: TenantId, hash: string) => ({ pk: `TENANT#${tenantId}#ERASURES`, sk: `SHOPPER#${hash}` }),
  /** An address that the company wants to be told at. */
  webhook: (tenantId: TenantId, webhookId: string) => ({ pk: `TENANT#${tenantId}#WEBHOOKS`, sk: webhookId }),
  /** What became of a message to it. */
  delivery: (tenantId: TenantId, webhookId: string, messageId: string) => ({
    pk: `TENANT#${tenantId}#DELIVERIES`,
    sk: `${webhookId}#${messageId}`,
  }),
  /** The answer to a request that its sender may send again. */
  answer: (tenantId: TenantId, attempt: string) => ({ pk: `TENANT#${tenantId}#ANSWERS`, sk: attempt }),
  /** How many requests of the present second are taken. */
  requestRate: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#RATE`, sk: 'REQUESTS' }),
  /** What was seen of the company's health when somebody last looked. */
  health: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#HEALTH`, sk: 'NEWEST' }),
  /** When an API key was used last. */
  keyUse: (tenantId: TenantId, keyId: string) => ({ pk: `TENANT#${tenantId}#RATE`, sk: `KEY#${keyId}` }),
  slug: (slug: string) => ({ pk: `SLUG#${slug}`, sk: 'SLUG' }),
  user: (sub: string) => ({ pk: `USER#${sub}`, sk: 'PROFILE' }),
  /** What a user wants of mails. A partition of its own, so that whoever sends mails learns nothing else of people. */
  mailPreferences: (sub: string) => ({ pk: `USER#${sub}#MAIL`, sk: 'PREFERENCES' }),
  membership: (sub: string, tenantId: TenantId) => ({ pk: `USER#${sub}`, sk: `TENANT#${tenantId}` }),
  /** The tenant that an operator looks at as one of its users, for a while. */
  impersonating: (sub: string) => ({ pk: `USER#${sub}`, sk: 'IMPERSONATING' }),
  /** The version that silos run, and the rollout that is under way. */
  fleet: () => ({ pk: 'FLEET', sk: 'CURRENT' }),
  rollout: (rolloutId: Id<'rollout'>) => ({ pk: 'FLEET', sk: `ROLLOUT#${rolloutId}` }),
  /** What became of one tenant in a rollout. */
  rolloutTenant: (rolloutId: Id<'rollout'>, tenantId: TenantId) => ({
    pk: `FLEET#${rolloutId}`,
    sk: `TENANT#${tenantId}`,
  }),
  /** A mail of the provider's staff to many companies. */
  announcement: (announcementId: string) => ({ pk: 'ANNOUNCEMENTS', sk: announcementId }),
  /** That it was sent to a company, and to how many people. */
  announced: (announcementId: string, tenantId: string) => ({
    pk: `ANNOUNCEMENT#${announcementId}`,
    sk: `TENANT#${tenantId}`,
  }),
  /** What the newest reconciliation found. */
  reconciliation: { pk: 'RECONCILIATION', sk: 'REPORT' },
  /** When a job last ran, and how that ended. */
  job: (name: JobName) => ({ pk: 'JOBS', sk: name }),
  /** For whom a flag is on. */
  flag: (name: FlagName) => ({ pk: 'FLAGS', sk: name }),
  /** What a company used, cost and brought in a month; it stays when the company goes. */
  finance: (month: string, tenantId: TenantId) => ({ pk: `FINANCE#${month}`, sk: `TENANT#${tenantId}` }),
  /** What all of them came to. */
  financeStage: (month: string) => ({ pk: `FINANCE#${month}`, sk: 'STAGE' }),
  receipt: (eventId: string) => ({ pk: `RECEIPT#stripe#${eventId}`, sk: 'RECEIPT' }),
} as const;

/** Tenants by status, oldest first: `gsi1pk`, `gsi1sk` = time of registration. */
export const statusIndex = {
  name: 'gsi1',
  key: (status: string, createdAt: string) => ({ gsi1pk: `STATUS#${status}`, gsi1sk: createdAt }),
} as const;

/** What is due about companies, the earliest first, in the same index: reviews of their billing, and mails that wait, of which circulars wait apart. */
export const dueIndex = {
  name: statusIndex.name,
  key: (what: 'review' | 'mail' | 'circular', tenantId: TenantId, dueAt: string) => ({
    gsi1pk: `DUE#${what}`,
    gsi1sk: `${dueAt}#${tenantId}`,
  }),
} as const;

/** All slugs that are taken, in the same index. */
export const slugIndex = {
  name: statusIndex.name,
  key: (slug: string) => ({ gsi1pk: 'SLUGS', gsi1sk: slug }),
} as const;

/** The health of all companies, in the same index. */
export const healthIndex = {
  name: statusIndex.name,
  partition: 'HEALTH',
  key: (tenantId: TenantId) => ({ gsi1pk: 'HEALTH', gsi1sk: tenantId }),
} as const;

/** Companies of a month by their margin, in the same index. */
export const financeIndex = {
  name: statusIndex.name,
  key: (month: string, marginMicro: number, tenantId: TenantId) => ({
    gsi1pk: `FINANCE#${month}`,
    gsi1sk: `${sortable(marginMicro)}#${tenantId}`,
  }),
} as const;

/** As many digits for each number, moved above zero, so that they sort as numbers do. */
const sortable = (value: number): string => String(BigInt(value) + 10n ** 16n).padStart(17, '0');
