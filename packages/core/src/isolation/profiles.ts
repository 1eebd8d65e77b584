/**
 * Access profiles: which actions on which tenant data, always under the condition that the data is the tenant's own.
 * The roles, their policies, the credentials a handler may ask for and the documentation derive from this table. Execution
 * roles hold no grant on tenant data, so what is not here cannot be reached.
 *
 * `{tenant}` stands for the tenant's id: `${aws:PrincipalTag/TenantId}` in a role that functions assume with that session
 * tag, and `ten_${aws:PrincipalTag/kubernetes-namespace}` in the role of the silos' pods.
 */

export const tenantTables = [
  'Control',
  'Events',
  'Recommendations',
  'Shoppers',
  'Catalogue',
  'Attribution',
  'Usage',
  'Audit',
] as const;
export type TenantTable = (typeof tenantTables)[number];
export const tenantBuckets = ['Models', 'Archive', 'Exports'] as const;
export type TenantBucket = (typeof tenantBuckets)[number];

export type Grant =
  /** Items of a pooled table whose partition key matches. `dynamodb:Scan` is never granted: no key could limit it. */
  | {
      readonly on: 'table';
      readonly table: TenantTable;
      readonly actions: readonly `dynamodb:${string}`[];
      readonly leadingKeys: readonly string[];
      /** The only attributes that a call may name; absent, any. */
      readonly attributes?: readonly string[];
    }
  /** The tenant's own events table, `<SILO_TABLE_PREFIX>{tenant}-events`. */
  | { readonly on: 'siloTable'; readonly actions: readonly `dynamodb:${string}`[] }
  /** Objects below a prefix; `s3:ListBucket` in `actions` is granted on the bucket, for that prefix only. */
  | {
      readonly on: 'bucket';
      readonly bucket: TenantBucket;
      readonly actions: readonly `s3:${string}`[];
      readonly prefix: string;
    };

export interface AccessProfile {
  readonly description: string;
  /** `function`: assumed by functions with a session tag. `pod`: taken by silo pods through EKS Pod Identity. */
  readonly principal: 'function' | 'pod';
  readonly grants: readonly Grant[];
}

/** Who asks, in which role, of which tenant: what every route for members begins with. */
const readRegistry = {
  on: 'table',
  table: 'Control',
  actions: ['dynamodb:GetItem', 'dynamodb:Query'],
  leadingKeys: ['TENANT#{tenant}'],
} as const satisfies Grant;

/** Appending to the audit log goes with what is audited, so that both are one transaction. */
const appendToAudit = {
  on: 'table',
  table: 'Audit',
  actions: ['dynamodb:PutItem'],
  leadingKeys: ['TENANT#{tenant}'],
} as const satisfies Grant;

/** So does the mail that tells the owners of it. */
const announce = {
  on: 'table',
  table: 'Control',
  actions: ['dynamodb:PutItem'],
  leadingKeys: ['TENANT#{tenant}#MAIL'],
} as const satisfies Grant;

/** Keeping the answer to a request that may come again, in the same transaction as what it made where that is one. */
const keepAnswers = {
  on: 'table',
  table: 'Control',
  actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  leadingKeys: ['TENANT#{tenant}#ANSWERS'],
} as const satisfies Grant;

/** Registering a shopper goes with whatever is stored about it. */
const registerShoppers = {
  on: 'table',
  table: 'Shoppers',
  actions: ['dynamodb:BatchWriteItem'],
  leadingKeys: ['{tenant}#*'],
} as const satisfies Grant;

/** Whoever answers shops holds them to the requests of their tier, and notes which keys are in use. */
const countRequests = {
  on: 'table',
  table: 'Control',
  actions: ['dynamodb:UpdateItem'],
  leadingKeys: ['TENANT#{tenant}#RATE'],
} as const satisfies Grant;

/** What happened, and that it is to be counted. */
const recordUsage = {
  on: 'table',
  table: 'Usage',
  actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  leadingKeys: ['TENANT#{tenant}'],
} as const satisfies Grant;

/** Whoever copies from a stream leaves out shoppers that are erased, deletes what came in of them too late, and registers anew who comes back. */
const mindErasures = [
  {
    on: 'table',
    table: 'Control',
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
    leadingKeys: ['TENANT#{tenant}#ERASURES'],
  },
  registerShoppers,
] as const satisfies readonly Grant[];

/** A receipt and a count, in one transaction. */
const countOnce = [
  { on: 'table', table: 'Attribution', actions: ['dynamodb:PutItem'], leadingKeys: ['{tenant}#S#*'] },
  { on: 'table', table: 'Attribution', actions: ['dynamodb:UpdateItem'], leadingKeys: ['{tenant}#DAYS#*'] },
] as const satisfies readonly Grant[];

export const accessProfiles = {
  'tenant-member': {
    description: 'Reading the registry: the tenant, who its users are, its subscription and its onboarding',
    principal: 'function',
    grants: [readRegistry],
  },
  // For what nobody signed in for, by itself: a role's trust policy has no room for all who read the registry.
  'tenant-registry': {
    description: 'The same, for tasks and jobs',
    principal: 'function',
    grants: [readRegistry],
  },
  'tenant-settings': {
    description: 'Changing the name of the tenant, and nothing else of its registry',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'name'],
      },
      appendToAudit,
    ],
  },
  'tenant-keys': {
    description: 'Creating, listing and revoking API keys, and when they were used last',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#KEYS'],
      },
      { on: 'table', table: 'Control', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}#RATE'] },
      appendToAudit,
      keepAnswers,
    ],
  },
  'tenant-webhooks': {
    description: 'Choosing who is told of events, and looking at what became of them',
    principal: 'function',
    grants: [
      readRegistry,
      {
        on: 'table',
        table: 'Control',
        actions: [
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        leadingKeys: ['TENANT#{tenant}#WEBHOOKS', 'TENANT#{tenant}#DELIVERIES'],
      },
      appendToAudit,
      keepAnswers,
    ],
  },
  'tenant-webhook-outbox': {
    description: 'Laying down for each webhook what it is to be told',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}#WEBHOOKS'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#DELIVERIES'],
      },
    ],
  },
  'tenant-webhook-delivery': {
    description:
      'Sending webhooks, writing down what became of them, and telling the owners of one that is switched off',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#WEBHOOKS', 'TENANT#{tenant}#DELIVERIES'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      appendToAudit,
    ],
  },
  'tenant-users': {
    description: 'Inviting users, changing their roles and letting them go; of the registry, nothing but their rows',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query'],
        leadingKeys: ['TENANT#{tenant}', 'TENANT#{tenant}#USERS'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'role'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#USERS'],
      },
      appendToAudit,
      keepAnswers,
    ],
  },
  'tenant-sso': {
    description: 'Setting up single sign-on, and letting go of those whose provider is removed',
    principal: 'function',
    grants: [
      readRegistry,
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#SSO'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'role'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#USERS'],
      },
      appendToAudit,
    ],
  },
  'tenant-domain-checks': {
    description:
      'Looking for the records of verified mail domains again: what was seen, and the mail that tells of one missing',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Control', actions: ['dynamodb:GetItem'], leadingKeys: ['TENANT#{tenant}'] },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#SSO'],
      },
      announce,
      appendToAudit,
    ],
  },
  'tenant-arrival': {
    description: 'Coming by the company’s own provider for the first time: the row of a new user, and that it came',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query'],
        leadingKeys: ['TENANT#{tenant}', 'TENANT#{tenant}#USERS'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'tenantId', 'role', 'joinedAt', 'sub', 'email'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#USERS'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#SSO'],
      },
      appendToAudit,
    ],
  },
  'tenant-joining': {
    description: 'Accepting an invitation: the row of a new user, and no other of the registry',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'tenantId', 'role', 'joinedAt', 'sub', 'email'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#USERS'],
      },
      appendToAudit,
    ],
  },
  'tenant-probe': {
    description: 'The short-lived key with which the onboarding asks as a shopper would',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#PROBE'],
      },
    ],
  },
  'tenant-billing': {
    description: 'Opening a payment page, and changing how often is paid',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#BILLING'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      appendToAudit,
    ],
  },
  'tenant-subscription': {
    description:
      'Keeping what Stripe says of the subscription, changing the status that follows, and mails to the owners',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#MAIL'],
      },
      appendToAudit,
    ],
  },
  'tenant-lifecycle': {
    description:
      'Changing the registry: the status, the steps of the onboarding, the silo, and the mail that tells of it',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      announce,
      appendToAudit,
    ],
  },
  'tenant-usage': {
    description: 'Reading what was metered',
    principal: 'function',
    grants: [{ on: 'table', table: 'Usage', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}'] }],
  },
  'tenant-live': {
    description: 'Showing people of the company its newest events as they arrive',
    principal: 'function',
    grants: [{ on: 'table', table: 'Usage', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}#RECENT'] }],
  },
  'tenant-health': {
    description: 'Looking at what the shop sends and gets, and keeping what was seen',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Usage', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}'] },
      { on: 'table', table: 'Control', actions: ['dynamodb:GetItem'], leadingKeys: ['TENANT#{tenant}#MODELS'] },
      { on: 'table', table: 'Control', actions: ['dynamodb:PutItem'], leadingKeys: ['TENANT#{tenant}#HEALTH'] },
    ],
  },
  'tenant-report': {
    description: 'Summing up what was metered and what lists came to, and putting the mail about it into the outbox',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Usage', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}'] },
      { on: 'table', table: 'Attribution', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#DAYS#*'] },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#MAIL'],
      },
    ],
  },
  'tenant-circulars': {
    description: 'Laying down and sending mails that people may do without: who the users are, and the mails that wait',
    principal: 'function',
    grants: [
      readRegistry,
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#MAIL'],
      },
    ],
  },
  'tenant-audit': {
    description: 'Reading the audit log',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Audit',
        actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        leadingKeys: ['TENANT#{tenant}', 'TENANT#{tenant}#CHAIN', 'TENANT#{tenant}#FOUND'],
      },
    ],
  },
  'tenant-audit-chain': {
    description: 'Sealing entries of the audit log into its chain, without reading or changing any',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Audit',
        actions: ['dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      {
        on: 'table',
        table: 'Audit',
        actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#CHAIN'],
      },
      {
        on: 'table',
        table: 'Audit',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#FOUND'],
      },
    ],
  },
  'tenant-models': {
    description: 'The register of trained models and the state of the training',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#MODELS'],
      },
      appendToAudit,
    ],
  },
  'tenant-promotion': {
    description: 'Choosing which of the trained models serves',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#MODELS'],
      },
      appendToAudit,
      keepAnswers,
      { on: 'bucket', bucket: 'Models', actions: ['s3:PutObject'], prefix: 'models/{tenant}/serving/' },
    ],
  },
  'tenant-data': {
    description: 'Writing behaviour events, pooled or to the tenant’s own table',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Events', actions: ['dynamodb:BatchWriteItem'], leadingKeys: ['{tenant}#*'] },
      { on: 'siloTable', actions: ['dynamodb:BatchWriteItem'] },
      registerShoppers,
      countRequests,
    ],
  },
  'tenant-serving': {
    description: 'Answering recommendations in the pool: shopper history, model, and the log of what was recommended',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Events', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'table', table: 'Recommendations', actions: ['dynamodb:BatchWriteItem'], leadingKeys: ['{tenant}#*'] },
      registerShoppers,
      countRequests,
      {
        on: 'table',
        table: 'Usage',
        actions: ['dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}'],
        attributes: ['pk', 'sk', 'faults', 'expiresAt'],
      },
      { on: 'bucket', bucket: 'Models', actions: ['s3:GetObject'], prefix: 'models/{tenant}/' },
    ],
  },
  'tenant-shoppers': {
    description: 'Showing people of the company what a shopper did, pooled or in the tenant’s own table',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Shoppers', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'table', table: 'Events', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'siloTable', actions: ['dynamodb:Query'] },
    ],
  },
  'tenant-catalogue': {
    description: 'The items of the catalogue, and how many of them recommenders know',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Catalogue',
        actions: ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['{tenant}#ITEMS#*'],
      },
      { on: 'bucket', bucket: 'Models', actions: ['s3:GetObject'], prefix: 'models/{tenant}/catalogue/' },
      countRequests,
    ],
  },
  'tenant-rules': {
    description: 'What the company wants of its lists beside what the model says',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Catalogue',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        leadingKeys: ['{tenant}#RULES'],
      },
      appendToAudit,
    ],
  },
  'tenant-catalogue-snapshot': {
    description: 'Bringing what has changed of catalogue and rules to the recommenders',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Catalogue', actions: ['dynamodb:BatchGetItem'], leadingKeys: ['{tenant}#*'] },
      {
        on: 'bucket',
        bucket: 'Models',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        prefix: 'models/{tenant}/catalogue/',
      },
    ],
  },
  'tenant-feedback': {
    description: 'Counting which lists were seen and clicked',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Recommendations', actions: ['dynamodb:GetItem'], leadingKeys: ['{tenant}#*'] },
      ...countOnce,
      countRequests,
    ],
  },
  'tenant-conversions': {
    description:
      'Counting purchases, and what they were worth, for the lists in which shoppers clicked what they bought',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Catalogue', actions: ['dynamodb:BatchGetItem'], leadingKeys: ['{tenant}#ITEMS#*'] },
      { on: 'table', table: 'Attribution', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#S#*'] },
      ...countOnce,
    ],
  },
  'tenant-performance': {
    description: 'Reading what the lists came to',
    principal: 'function',
    grants: [{ on: 'table', table: 'Attribution', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#DAYS#*'] }],
  },
  'tenant-archive': {
    description: 'Copying events to the archive and counting them',
    principal: 'function',
    grants: [
      { on: 'bucket', bucket: 'Archive', actions: ['s3:PutObject'], prefix: 'archive/{tenant}/' },
      recordUsage,
      {
        on: 'table',
        table: 'Usage',
        actions: ['dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#RECENT'],
      },
      ...mindErasures,
      { on: 'table', table: 'Events', actions: ['dynamodb:BatchWriteItem'], leadingKeys: ['{tenant}#*'] },
      { on: 'siloTable', actions: ['dynamodb:BatchWriteItem'] },
    ],
  },
  'tenant-lists': {
    description: 'Metering the lists that shoppers were given',
    principal: 'function',
    grants: [
      recordUsage,
      ...mindErasures,
      { on: 'table', table: 'Recommendations', actions: ['dynamodb:BatchWriteItem'], leadingKeys: ['{tenant}#*'] },
    ],
  },
  'tenant-training-report': {
    description: 'Reading how far a training in the silo is, and letting go of that',
    principal: 'function',
    grants: [
      {
        on: 'bucket',
        bucket: 'Models',
        actions: ['s3:GetObject', 's3:DeleteObject'],
        prefix: 'models/{tenant}/training/',
      },
    ],
  },
  'tenant-evidence': {
    description: 'Writing down what happened, for the meters',
    principal: 'function',
    grants: [recordUsage],
  },
  'tenant-metering': {
    description:
      'Counting what happened, putting into the outbox what the biller is to be told, and telling the company what it has used of its allowance',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Control', actions: ['dynamodb:GetItem'], leadingKeys: ['TENANT#{tenant}'] },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        leadingKeys: ['TENANT#{tenant}#MAIL'],
      },
      appendToAudit,
      {
        on: 'table',
        table: 'Usage',
        actions: [
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        leadingKeys: ['TENANT#{tenant}'],
      },
    ],
  },
  'tenant-measurement': {
    description: 'Looking how much is stored, without reading any of it',
    principal: 'function',
    grants: [
      { on: 'bucket', bucket: 'Archive', actions: ['s3:ListBucket'], prefix: 'archive/{tenant}/' },
      { on: 'bucket', bucket: 'Models', actions: ['s3:ListBucket'], prefix: 'models/{tenant}/' },
      { on: 'bucket', bucket: 'Exports', actions: ['s3:ListBucket'], prefix: 'exports/{tenant}/' },
      { on: 'siloTable', actions: ['dynamodb:DescribeTable'] },
      { on: 'table', table: 'Usage', actions: ['dynamodb:GetItem'], leadingKeys: ['TENANT#{tenant}'] },
      recordUsage,
    ],
  },
  'tenant-reporting': {
    description: 'Marking what the biller was told',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Usage',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
    ],
  },
  'tenant-training': {
    description: 'Reading the archive, writing models, comparing them with what serves, and letting go of old ones',
    principal: 'function',
    grants: [
      { on: 'bucket', bucket: 'Archive', actions: ['s3:GetObject', 's3:ListBucket'], prefix: 'archive/{tenant}/' },
      {
        on: 'bucket',
        bucket: 'Models',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        prefix: 'models/{tenant}/',
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#MODELS'],
      },
    ],
  },
  'tenant-migration': {
    description: 'Copying, comparing and clearing behaviour events while the tenant moves between pool and silo',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Shoppers', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      {
        on: 'table',
        table: 'Events',
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['{tenant}#*'],
      },
      { on: 'siloTable', actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'] },
    ],
  },
  'tenant-holdings': {
    description: 'Looking whether the tenant’s own events table holds anything',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Shoppers', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'siloTable', actions: ['dynamodb:Query'] },
    ],
  },
  'tenant-downloads': {
    description: 'Asking for exports of the tenant’s data, and fetching their files',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#EXPORTS'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:ConditionCheckItem'],
        leadingKeys: ['TENANT#{tenant}#ERASURES'],
      },
      appendToAudit,
      keepAnswers,
      { on: 'bucket', bucket: 'Exports', actions: ['s3:GetObject'], prefix: 'exports/{tenant}/' },
    ],
  },
  'tenant-export': {
    description: 'Reading everything that is kept of the tenant, and writing it into files',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query'],
        leadingKeys: [
          'TENANT#{tenant}',
          'TENANT#{tenant}#KEYS',
          'TENANT#{tenant}#MODELS',
          'TENANT#{tenant}#SSO',
          'TENANT#{tenant}#WEBHOOKS',
          'TENANT#{tenant}#ERASURES',
        ],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}#EXPORTS'],
      },
      announce,
      appendToAudit,
      { on: 'table', table: 'Audit', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}'] },
      { on: 'table', table: 'Usage', actions: ['dynamodb:Query'], leadingKeys: ['TENANT#{tenant}'] },
      { on: 'table', table: 'Events', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'siloTable', actions: ['dynamodb:Query'] },
      { on: 'table', table: 'Recommendations', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      { on: 'table', table: 'Attribution', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#DAYS#*'] },
      {
        on: 'table',
        table: 'Catalogue',
        actions: ['dynamodb:Query', 'dynamodb:GetItem'],
        leadingKeys: ['{tenant}#*'],
      },
      { on: 'table', table: 'Shoppers', actions: ['dynamodb:Query'], leadingKeys: ['{tenant}#*'] },
      {
        on: 'bucket',
        bucket: 'Exports',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
        prefix: 'exports/{tenant}/',
      },
    ],
  },
  'tenant-members-erasure': {
    description: 'Listing who the users of a tenant are, and letting them go',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:DeleteItem'],
        leadingKeys: ['TENANT#{tenant}'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query'],
        leadingKeys: ['TENANT#{tenant}#SSO'],
      },
    ],
  },
  'tenant-erasure': {
    description: 'Counting and erasing everything that a tenant has, when it is deleted',
    principal: 'function',
    grants: [
      { on: 'table', table: 'Control', actions: ['dynamodb:GetItem'], leadingKeys: ['TENANT#{tenant}'] },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:DeleteItem'],
        leadingKeys: [
          'TENANT#{tenant}',
          'TENANT#{tenant}#BILLING',
          'TENANT#{tenant}#MAIL',
          'TENANT#{tenant}#KEYS',
          'TENANT#{tenant}#MODELS',
          'TENANT#{tenant}#EXPORTS',
          'TENANT#{tenant}#ERASURES',
          'TENANT#{tenant}#PROBE',
          'TENANT#{tenant}#HEALTH',
          'TENANT#{tenant}#USERS',
          'TENANT#{tenant}#RATE',
          'TENANT#{tenant}#SSO',
          'TENANT#{tenant}#WEBHOOKS',
          'TENANT#{tenant}#DELIVERIES',
          'TENANT#{tenant}#ANSWERS',
        ],
      },
      {
        on: 'table',
        table: 'Usage',
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['TENANT#{tenant}', 'TENANT#{tenant}#RECENT'],
      },
      {
        on: 'table',
        table: 'Audit',
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['TENANT#{tenant}', 'TENANT#{tenant}#CHAIN', 'TENANT#{tenant}#FOUND'],
      },
      ...(['Events', 'Recommendations', 'Shoppers', 'Catalogue', 'Attribution'] as const).map(
        (table) =>
          ({
            on: 'table',
            table,
            actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
            leadingKeys: ['{tenant}#*'],
          }) as const,
      ),
      { on: 'siloTable', actions: ['dynamodb:Query'] },
      { on: 'bucket', bucket: 'Models', actions: ['s3:ListBucket', 's3:DeleteObject'], prefix: 'models/{tenant}/' },
      { on: 'bucket', bucket: 'Archive', actions: ['s3:ListBucket', 's3:DeleteObject'], prefix: 'archive/{tenant}/' },
      { on: 'bucket', bucket: 'Exports', actions: ['s3:ListBucket', 's3:DeleteObject'], prefix: 'exports/{tenant}/' },
    ],
  },
  'tenant-erasures': {
    description: 'Asking for the erasure of shoppers, and what became of it',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#ERASURES'],
      },
      appendToAudit,
      countRequests,
    ],
  },
  'tenant-shopper-erasure': {
    description: 'Counting and erasing everything that names one of the tenant’s shoppers',
    principal: 'function',
    grants: [
      {
        on: 'table',
        table: 'Control',
        actions: [
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        leadingKeys: ['TENANT#{tenant}#ERASURES'],
      },
      {
        on: 'table',
        table: 'Control',
        actions: ['dynamodb:Query', 'dynamodb:UpdateItem'],
        leadingKeys: ['TENANT#{tenant}#EXPORTS'],
      },
      ...(['Events', 'Recommendations'] as const).map(
        (table) =>
          ({
            on: 'table',
            table,
            actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
            leadingKeys: ['{tenant}#*'],
          }) as const,
      ),
      {
        on: 'table',
        table: 'Attribution',
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['{tenant}#S#*'],
      },
      {
        on: 'table',
        table: 'Usage',
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['TENANT#{tenant}#RECENT'],
      },
      {
        on: 'table',
        table: 'Shoppers',
        actions: ['dynamodb:GetItem', 'dynamodb:BatchWriteItem'],
        leadingKeys: ['{tenant}#*'],
      },
      { on: 'siloTable', actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'] },
      {
        on: 'bucket',
        bucket: 'Archive',
        actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
        prefix: 'archive/{tenant}/',
      },
      { on: 'bucket', bucket: 'Exports', actions: ['s3:ListBucket', 's3:DeleteObject'], prefix: 'exports/{tenant}/' },
      appendToAudit,
    ],
  },
  'tenant-silo': {
    description: 'Answering recommendations in a silo: the same as tenant-serving on the tenant’s own table',
    principal: 'pod',
    grants: [
      { on: 'siloTable', actions: ['dynamodb:Query'] },
      { on: 'table', table: 'Recommendations', actions: ['dynamodb:BatchWriteItem'], leadingKeys: ['{tenant}#*'] },
      registerShoppers,
      { on: 'bucket', bucket: 'Models', actions: ['s3:GetObject'], prefix: 'models/{tenant}/' },
    ],
  },
  'tenant-trainer': {
    description:
      'Training in a silo: reading the archive, writing models, and telling how far it is; what serves is not its to say',
    principal: 'pod',
    grants: [
      { on: 'bucket', bucket: 'Archive', actions: ['s3:GetObject', 's3:ListBucket'], prefix: 'archive/{tenant}/' },
      {
        on: 'bucket',
        bucket: 'Models',
        actions: ['s3:GetObject', 's3:PutObject'],
        prefix: 'models/{tenant}/mdl_',
      },
      { on: 'bucket', bucket: 'Models', actions: ['s3:PutObject'], prefix: 'models/{tenant}/training/' },
    ],
  },
} as const satisfies Record<string, AccessProfile>;

/** Whether a profile of a name has this grant. */
const has =
  (grant: Grant) =>
  (name: string): boolean =>
    (Object.entries(accessProfiles) as readonly [string, AccessProfile][]).some(
      ([profile, { grants }]) => profile === name && grants.includes(grant),
    );

/** Whether a profile of this name reads the registry of its tenant. */
export const readsRegistry = has(readRegistry);

/** Whether a profile of this name may count the requests of its tenant. */
export const countsRequests = has(countRequests);

/** Whether a profile of this name may keep answers for requests that come again. */
export const keepsAnswers = has(keepAnswers);

export type AccessProfiles = typeof accessProfiles;
export type ProfileName = keyof AccessProfiles;
/** Profiles that a function can ask for. */
export type FunctionProfile = {
  [P in ProfileName]: (typeof accessProfiles)[P]['principal'] extends 'function' ? P : never;
}[ProfileName];
