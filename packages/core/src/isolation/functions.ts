/**
 * What every function may reach of tenants' data, in one table: the access profiles that it may ask for, one tenant at a time, and the
 * few grants of its own that cross tenants, each with the reason. Roles, the clients that a handler gets, the
 * documentation and the tests derive from it; a function that is not here reaches nothing.
 */
import type { FunctionProfile, TenantTable } from './profiles.ts';

/** Rows that a function reaches with its own role, whoever they belong to. */
export interface Crossing {
  readonly table: TenantTable;
  /** An index of the table instead of the table itself. */
  readonly index?: string;
  readonly actions: readonly `dynamodb:${string}`[];
  /** Patterns of partition keys; `?` stands for one character, `*` for any. */
  readonly leadingKeys: readonly string[];
}

export interface FunctionAccess {
  readonly profiles: readonly FunctionProfile[];
  /** Set exactly when the function crosses tenants. */
  readonly crosses?: { readonly because: string; readonly grants: readonly Crossing[] };
}

/** The registry of any tenant, and not the partitions below it: an id has 26 characters after its prefix. */
const REGISTRY = `TENANT#ten_${'?'.repeat(26)}`;
const USERS = 'USER#*';
/** In which language people read, and nothing else of them. */
const PREFERENCES = 'USER#*#MAIL';
const SLUGS = 'SLUG#*';
/** Which company has verified a mail domain. */
const DOMAINS = 'DOMAIN#*';

const control = (actions: Crossing['actions'], ...leadingKeys: readonly string[]): Crossing => ({
  table: 'Control',
  actions,
  leadingKeys,
});
const audited: Crossing = { table: 'Audit', actions: ['dynamodb:PutItem'], leadingKeys: [REGISTRY] };
/** What the fleet runs, and its rollouts: they name tenants and hold nothing else of them. */
const FLEET = 'FLEET';
/** What became of each tenant in a rollout. */
const ROLLOUTS = 'FLEET#rol_*';
/** What staff tells companies, and which of them have it: ids, and nothing else of a company. */
const ANNOUNCEMENTS = 'ANNOUNCEMENTS';
const ANNOUNCED = 'ANNOUNCEMENT#ann_*';
const readsPreferences = control(['dynamodb:BatchGetItem'], PREFERENCES);
/** A job's own row says when it ran, and nothing of a tenant. */
const heartbeat = control(['dynamodb:UpdateItem'], 'JOBS');
/** What staff does to the whole stage, and to no tenant in particular. */
const stageAudited: Crossing = { table: 'Audit', actions: ['dynamodb:PutItem'], leadingKeys: ['STAGE'] };
const byStatus = (...leadingKeys: readonly string[]): Crossing => ({
  table: 'Control',
  index: 'gsi1',
  actions: ['dynamodb:Query'],
  leadingKeys,
});

const usageIndex = (partition: string): Crossing => ({
  table: 'Usage',
  index: 'gsi1',
  actions: ['dynamodb:Query'],
  leadingKeys: [partition],
});

export const functionAccess = {
  'api/public': { profiles: [] },
  'api/session': { profiles: [] },
  'api/me': {
    profiles: ['tenant-member'],
    crosses: {
      because:
        "a user's rows list the tenants; each tenant is then read with its own credentials. Flags name companies, of which a user hears of its own",
      grants: [
        control(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], USERS),
        control(['dynamodb:Query'], 'FLAGS'),
      ],
    },
  },
  'api/mails': {
    profiles: [],
    crosses: {
      because:
        'whoever has a mail may unsubscribe without signing in; the token in it says who that is, and nothing is read',
      grants: [control(['dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], USERS)],
    },
  },
  'api/registration': {
    profiles: [],
    crosses: {
      because: 'the tenant does not exist yet, or waits for its payment',
      grants: [
        control(['dynamodb:Query'], USERS),
        control(['dynamodb:GetItem'], SLUGS, REGISTRY, `${REGISTRY}#BILLING`),
        control(['dynamodb:ConditionCheckItem'], REGISTRY),
        control(['dynamodb:UpdateItem'], USERS),
        control(['dynamodb:PutItem'], REGISTRY, `${REGISTRY}#BILLING`, SLUGS, USERS),
        audited,
      ],
    },
  },
  'api/tenant': { profiles: ['tenant-member', 'tenant-settings'] },
  'api/users': {
    profiles: ['tenant-member', 'tenant-users'],
    crosses: {
      because: "a user's own row of a company follows the company's; it is what the user finds its companies by",
      grants: [control(['dynamodb:UpdateItem', 'dynamodb:DeleteItem'], USERS)],
    },
  },
  'api/sso': {
    profiles: ['tenant-sso'],
    crosses: {
      because:
        'a mail domain is one company’s at most, whoever it is. A user’s own rows follow those of the company that it came to by its provider, and go with it',
      grants: [control(['dynamodb:PutItem', 'dynamodb:DeleteItem'], DOMAINS), control(['dynamodb:DeleteItem'], USERS)],
    },
  },
  'api/sign-in': {
    profiles: [],
    crosses: {
      because: 'nobody is signed in yet; a mail domain leads to a provider and to nothing else of its company',
      grants: [control(['dynamodb:GetItem'], DOMAINS, REGISTRY, `${REGISTRY}#SSO`)],
    },
  },
  'api/invitations': {
    profiles: ['tenant-joining'],
    crosses: {
      because: 'whoever accepts an invitation gets a row of the company among its own',
      grants: [control(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], USERS)],
    },
  },
  'api/lifecycle': { profiles: ['tenant-member', 'tenant-lifecycle'] },
  'api/keys': { profiles: ['tenant-member', 'tenant-keys'] },
  'api/billing': { profiles: ['tenant-member', 'tenant-billing'] },
  'api/activity': { profiles: ['tenant-member', 'tenant-usage', 'tenant-live'] },
  'api/usage': { profiles: ['tenant-member', 'tenant-usage'] },
  'api/audit': { profiles: ['tenant-member', 'tenant-audit'] },
  'api/webhooks': { profiles: ['tenant-webhooks'] },
  'api/exports': { profiles: ['tenant-member', 'tenant-downloads'] },
  'api/erasures': { profiles: ['tenant-member', 'tenant-erasures'] },
  'api/models': {
    profiles: [
      'tenant-member',
      'tenant-models',
      'tenant-promotion',
      'tenant-performance',
      'tenant-rules',
      'tenant-usage',
    ],
  },
  'api/collector': { profiles: ['tenant-data'] },
  'api/recommendations': { profiles: ['tenant-member', 'tenant-serving', 'tenant-shoppers'] },
  'api/catalogue': { profiles: ['tenant-member', 'tenant-catalogue', 'tenant-rules'] },
  'api/attribution': { profiles: ['tenant-feedback'] },
  'api/operator': {
    profiles: [],
    crosses: {
      because: 'the staff of the provider looks after all tenants; every change is in the audit log of the tenant',
      grants: [
        byStatus('STATUS#*', 'HEALTH'),
        control(['dynamodb:GetItem'], REGISTRY, 'FINANCE#*'),
        control(['dynamodb:Query'], REGISTRY, USERS, 'FINANCE#*'),
        control(['dynamodb:UpdateItem'], REGISTRY),
        control(['dynamodb:PutItem', 'dynamodb:DeleteItem'], REGISTRY, USERS),
        control(['dynamodb:PutItem'], `${REGISTRY}#MAIL`),
        audited,
        { table: 'Audit', actions: ['dynamodb:Query'], leadingKeys: [REGISTRY] },
      ],
    },
  },
  'api/support': {
    profiles: ['tenant-subscription', 'tenant-usage'],
    crosses: {
      because: 'a person has one language in all of its companies; nothing else of people is read',
      grants: [readsPreferences],
    },
  },
  'api/fleet': {
    profiles: [],
    crosses: {
      because:
        'the staff of the provider looks after the recommenders of all tenants; every change is in the audit log of the tenant',
      grants: [
        byStatus('STATUS#*'),
        control(['dynamodb:GetItem', 'dynamodb:UpdateItem'], REGISTRY),
        control(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], FLEET),
        control(['dynamodb:Query'], FLEET, ROLLOUTS),
        audited,
        stageAudited,
      ],
    },
  },
  'api/jobs': {
    profiles: [],
    crosses: {
      because: 'the rows of jobs, and the log of what staff did to the whole stage, hold nothing of a tenant',
      grants: [
        control(['dynamodb:Query'], 'JOBS'),
        { table: 'Audit', actions: ['dynamodb:PutItem', 'dynamodb:Query'], leadingKeys: ['STAGE'] },
      ],
    },
  },
  'api/flags': {
    profiles: [],
    crosses: {
      because: 'a flag is set for all tenants at once, or names some; it holds nothing else of them',
      grants: [control(['dynamodb:Query', 'dynamodb:PutItem'], 'FLAGS'), stageAudited],
    },
  },
  'api/announcements': {
    profiles: [],
    crosses: {
      because:
        'an announcement is to many companies; whether the one that it names is there, and the address of whoever tries it, are all that is read of others',
      grants: [
        control(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], ANNOUNCEMENTS),
        control(['dynamodb:Query'], ANNOUNCED, USERS),
        control(['dynamodb:GetItem'], REGISTRY),
        stageAudited,
      ],
    },
  },
  'api/reconciliation': {
    profiles: [],
    crosses: {
      because: 'the report of the newest reconciliation is about all tenants',
      grants: [control(['dynamodb:GetItem'], 'RECONCILIATION'), stageAudited],
    },
  },
  'api/finance': {
    profiles: [],
    crosses: {
      because:
        'the staff of the provider compares what companies cost and earn; of the companies themselves it reads their names',
      grants: [
        byStatus('FINANCE#*'),
        control(['dynamodb:GetItem'], 'FINANCE#*'),
        control(['dynamodb:BatchGetItem'], REGISTRY),
      ],
    },
  },
  'api/stripe-webhook': {
    profiles: [],
    crosses: {
      because: 'Stripe signs for all tenants at once; these rows are receipts and hold nothing of a tenant',
      grants: [control(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], 'RECEIPT#*')],
    },
  },
  'triggers/pre-token': {
    profiles: ['tenant-arrival'],
    crosses: {
      because:
        'there is no tenant before the token says which; whoever comes by a company’s provider for the first time joins with the credentials of that company',
      grants: [
        control(['dynamodb:Query', 'dynamodb:PutItem'], USERS),
        control(['dynamodb:GetItem'], REGISTRY, `${REGISTRY}#SSO`, DOMAINS),
      ],
    },
  },
  'triggers/pre-sign-up': {
    profiles: [],
    crosses: {
      because: 'there is no user yet, and so no tenant: whose provider or mail domain it is says which rules count',
      grants: [control(['dynamodb:GetItem'], REGISTRY, `${REGISTRY}#SSO`, DOMAINS), control(['dynamodb:Query'], USERS)],
    },
  },
  'triggers/pre-authentication': {
    profiles: [],
    crosses: {
      because: 'nobody is signed in yet; the domain of the address says whose rules count',
      grants: [control(['dynamodb:GetItem'], REGISTRY, `${REGISTRY}#SSO`, DOMAINS), control(['dynamodb:Query'], USERS)],
    },
  },
  'triggers/token-authorizer': { profiles: [] },
  'triggers/api-key-authorizer': {
    profiles: [],
    crosses: {
      because: 'a key is what tells the tenant; the rows read are those of the tenant that the key names',
      grants: [
        control(['dynamodb:BatchGetItem'], REGISTRY, `${REGISTRY}#KEYS`, `${REGISTRY}#PROBE`),
        { table: 'Usage', actions: ['dynamodb:BatchGetItem'], leadingKeys: [REGISTRY] },
      ],
    },
  },
  'consumers/billing-events': {
    profiles: ['tenant-subscription'],
    crosses: {
      because:
        'marks receipts, which hold nothing of a tenant; Stripe says whose subscription it is. A person has one language in all of its companies',
      grants: [control(['dynamodb:UpdateItem'], 'RECEIPT#*'), readsPreferences],
    },
  },
  'consumers/event-archive': { profiles: ['tenant-archive', 'tenant-conversions'] },
  'consumers/audit-chain': { profiles: ['tenant-audit-chain'] },
  'consumers/webhook-events': { profiles: ['tenant-webhook-outbox'] },
  'consumers/webhook-delivery': {
    profiles: ['tenant-webhook-delivery'],
    crosses: {
      because: 'a person has one language in all of its companies; nothing else of people is read',
      grants: [readsPreferences],
    },
  },
  'consumers/catalogue-snapshot': { profiles: ['tenant-catalogue-snapshot'] },
  'consumers/recommendation-meter': { profiles: ['tenant-lists'] },
  'jobs/count-usage': {
    profiles: ['tenant-metering'],
    crosses: {
      because:
        'an index of nothing but keys says whose hours are to be counted; each is then counted with its own credentials',
      grants: [heartbeat, usageIndex('DUE')],
    },
  },
  'jobs/measure-usage': {
    profiles: ['tenant-measurement'],
    crosses: {
      because: 'finds tenants by their status; each is then measured with its own credentials',
      grants: [heartbeat, byStatus('STATUS#active', 'STATUS#migrating', 'STATUS#suspended')],
    },
  },
  'jobs/schedule-training': {
    profiles: ['tenant-models', 'tenant-usage', 'tenant-rules'],
    crosses: {
      because: 'finds tenants by their status; whether one has a training due is then read with its own credentials',
      grants: [heartbeat, byStatus('STATUS#active', 'STATUS#migrating')],
    },
  },
  'jobs/watch-health': {
    profiles: ['tenant-health'],
    crosses: {
      because: 'finds tenants by their status; each is then looked at with its own credentials',
      grants: [heartbeat, byStatus('STATUS#active', 'STATUS#migrating', 'STATUS#suspended')],
    },
  },
  'jobs/check-domains': {
    profiles: ['tenant-domain-checks'],
    crosses: {
      because:
        'finds tenants by their status; each is then looked at with its own credentials. A domain that lapses is nobody’s again, which is no row of a tenant',
      grants: [
        heartbeat,
        byStatus('STATUS#active', 'STATUS#migrating', 'STATUS#suspended'),
        control(['dynamodb:DeleteItem'], DOMAINS),
      ],
    },
  },
  'jobs/redrive-streams': {
    profiles: [],
    crosses: { because: 'says when it ran; it reaches no row of a tenant', grants: [heartbeat] },
  },
  'jobs/report-usage': {
    profiles: ['tenant-registry', 'tenant-reporting'],
    crosses: {
      because: 'an index of nothing but keys says whose reports wait; each is then told with its own credentials',
      grants: [heartbeat, usageIndex('REPORT')],
    },
  },
  'jobs/expire-registrations': {
    profiles: [],
    crosses: {
      because: 'finds registrations by their status, whoever they belong to',
      grants: [
        heartbeat,
        byStatus('STATUS#pending'),
        control(['dynamodb:Query', 'dynamodb:UpdateItem'], REGISTRY),
        control(['dynamodb:GetItem'], SLUGS, REGISTRY, `${REGISTRY}#BILLING`),
        control(['dynamodb:UpdateItem'], USERS),
        control(['dynamodb:DeleteItem'], REGISTRY, `${REGISTRY}#BILLING`, SLUGS, USERS),
        audited,
      ],
    },
  },
  'jobs/finance': {
    profiles: ['tenant-registry', 'tenant-usage'],
    crosses: {
      because:
        'finds tenants by their status; each is then read with its own credentials. What they cost and earn is kept beyond their deletion, without their names',
      grants: [
        heartbeat,
        byStatus(
          'STATUS#active',
          'STATUS#migrating',
          'STATUS#suspended',
          'STATUS#deactivating',
          'STATUS#provisioning',
          'STATUS#failed',
        ),
        control(['dynamodb:GetItem'], REGISTRY, 'FINANCE#*'),
        control(['dynamodb:Query', 'dynamodb:PutItem'], 'FINANCE#*'),
      ],
    },
  },
  'jobs/review-billing': {
    profiles: ['tenant-subscription'],
    crosses: {
      because:
        'finds the companies whose billing has something due, whoever they are; each is then reached with its own credentials. A person has one language in all of its companies',
      grants: [heartbeat, byStatus('DUE#review', 'DUE#mail'), readsPreferences],
    },
  },
  'jobs/weekly-report': {
    profiles: ['tenant-report'],
    crosses: {
      because: 'finds companies by their status; the week of each is then read with its own credentials',
      grants: [heartbeat, byStatus('STATUS#active', 'STATUS#migrating')],
    },
  },
  'jobs/send-circulars': {
    profiles: ['tenant-circulars'],
    crosses: {
      because:
        'finds the companies that a circular waits for or an announcement goes to, whoever they are; each is then reached with its own credentials. What a person wants of mails counts in all of its companies',
      grants: [
        heartbeat,
        byStatus('DUE#circular', 'STATUS#active', 'STATUS#migrating'),
        readsPreferences,
        control(['dynamodb:Query', 'dynamodb:UpdateItem'], ANNOUNCEMENTS),
        control(['dynamodb:Query', 'dynamodb:PutItem'], ANNOUNCED),
      ],
    },
  },
  'jobs/reconcile': {
    profiles: ['tenant-erasure', 'tenant-subscription'],
    crosses: {
      because:
        'compares all tenants with what there is. It reads who is registered and who belongs where, and mends pairs of rows of which one is missing',
      grants: [
        heartbeat,
        byStatus('STATUS#*', 'SLUGS'),
        control(['dynamodb:Query', 'dynamodb:GetItem'], REGISTRY, USERS),
        control(['dynamodb:ConditionCheckItem'], REGISTRY),
        control(['dynamodb:GetItem'], SLUGS),
        control(['dynamodb:PutItem', 'dynamodb:DeleteItem'], SLUGS, USERS),
        control(['dynamodb:PutItem'], 'RECONCILIATION'),
        readsPreferences,
      ],
    },
  },
  'tasks/onboarding-begin': {
    profiles: ['tenant-lifecycle'],
    crosses: {
      because: 'makes the slug the paid tenant’s for good; slugs belong to nobody until then',
      grants: [control(['dynamodb:UpdateItem'], SLUGS)],
    },
  },
  'tasks/onboarding-capacity': { profiles: ['tenant-lifecycle'] },
  'tasks/onboarding-pool': { profiles: ['tenant-lifecycle'] },
  'tasks/onboarding-storage': { profiles: ['tenant-lifecycle'] },
  'tasks/onboarding-silo': {
    profiles: ['tenant-lifecycle'],
    crosses: {
      because: 'a new silo runs the version of the fleet, which is no tenant’s',
      grants: [control(['dynamodb:GetItem'], FLEET)],
    },
  },
  'tasks/onboarding-probe': { profiles: ['tenant-lifecycle', 'tenant-probe'] },
  'tasks/onboarding-finish': { profiles: ['tenant-lifecycle'] },
  'tasks/fleet-rollout': {
    profiles: [],
    crosses: {
      because: 'finds the silos by the status of their tenants, and keeps the record of the rollout',
      grants: [
        byStatus('STATUS#*'),
        control(['dynamodb:GetItem'], FLEET),
        control(['dynamodb:Query'], ROLLOUTS),
        control(['dynamodb:UpdateItem'], FLEET, ROLLOUTS),
      ],
    },
  },
  'tasks/fleet-silo': {
    profiles: ['tenant-lifecycle'],
    crosses: {
      because: 'keeps in the record of the rollout what becomes of a tenant',
      grants: [
        control(['dynamodb:GetItem', 'dynamodb:ConditionCheckItem'], FLEET),
        control(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ROLLOUTS),
      ],
    },
  },
  'tasks/fleet-gate': {
    profiles: ['tenant-registry'],
    crosses: {
      because: 'keeps in the record of the rollout what becomes of a tenant',
      grants: [control(['dynamodb:GetItem'], FLEET, ROLLOUTS), control(['dynamodb:UpdateItem'], ROLLOUTS)],
    },
  },
  'tasks/suspension': { profiles: ['tenant-lifecycle', 'tenant-models'] },
  'tasks/suspension-silo': { profiles: ['tenant-registry'] },
  'tasks/tier-change': { profiles: ['tenant-lifecycle'] },
  'tasks/tier-change-data': { profiles: ['tenant-lifecycle', 'tenant-migration'] },
  'tasks/tier-change-billing': { profiles: ['tenant-registry'] },
  'tasks/deletion': {
    profiles: ['tenant-lifecycle', 'tenant-models'],
    crosses: {
      because: 'gives back the slug of a tenant that is deleted; slugs belong to nobody then',
      grants: [control(['dynamodb:DeleteItem'], SLUGS)],
    },
  },
  'tasks/deletion-data': { profiles: ['tenant-erasure'] },
  'tasks/deletion-members': {
    profiles: ['tenant-members-erasure'],
    crosses: {
      because:
        "a member's own rows tell whether it belongs to other tenants, and go when it does not; mail domains belong to nobody then",
      grants: [control(['dynamodb:Query', 'dynamodb:DeleteItem'], USERS), control(['dynamodb:DeleteItem'], DOMAINS)],
    },
  },
  'tasks/deletion-billing': { profiles: ['tenant-registry'] },
  'tasks/deletion-silo': { profiles: ['tenant-registry', 'tenant-holdings'] },
  'tasks/export-tenant': { profiles: ['tenant-export'] },
  'tasks/erase-shoppers': { profiles: ['tenant-registry', 'tenant-shopper-erasure', 'tenant-models'] },
  'tasks/train-model': { profiles: ['tenant-registry', 'tenant-training', 'tenant-models', 'tenant-evidence'] },
  'tasks/training-silo': { profiles: ['tenant-registry', 'tenant-models', 'tenant-training-report'] },
} as const satisfies Record<string, FunctionAccess>;

/** A function by the path of its file below `packages/functions/src`. */
export type FunctionName = keyof typeof functionAccess;

/** The profiles that a function may ask for. */
export type ProfilesOf<F extends FunctionName> = (typeof functionAccess)[F]['profiles'][number];
