import type { RouteId } from '@tenantry/core/contract/routes';
import { newId } from '@tenantry/core/ids/id';
import { unique } from '../../support/test-cloud.ts';

/** What the suite knows of a tenant. */
export interface TenantFixture {
  readonly tenantId: string;
  readonly name: string;
  readonly slug: string;
  readonly keyId: string;
  /** Of the audit log, as the tenant's owner got it. */
  readonly cursor: string;
  readonly exportId: string;
  /** Of its owner, of an open invitation, and of that invitation's mail. */
  readonly ownerId: string;
  readonly invitationId: string;
  readonly invitationToken: string;
  /** A mail domain that it has verified. */
  readonly domain: string;
  /** An event that the tenant sent, and a shopper and an item that only it has. */
  readonly eventId: string;
  readonly ownShopper: string;
  readonly ownItem: string;
  /** Of its model. */
  readonly modelVersion: string;
  /** A webhook, and a message that was sent to it. */
  readonly webhookId: string;
  readonly messageId: string;
}

export interface RequestParts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface RouteCase {
  /** A request that the route takes, about the tenant given. */
  readonly request: (own: TenantFixture) => RequestParts;
  /** The same, with the ids of another tenant in every field that takes an id; absent when no field does. */
  readonly naming?: (other: TenantFixture) => RequestParts;
  /** Answers beside the route's success that are as good for a tenant that is served: what is used up, or under way. */
  readonly alsoServed?: readonly string[];
  /** What naming the other tenant's ids may lead to when served: an answer from the own data, or these codes. */
  readonly namingLeadsTo?: readonly string[];
  /** Set when an answer may show other tenants, since the actor works for all of them or is a member of both. */
  readonly showsOthers?: true;
}

const aShopper = 'shopper-1';
const event = (id: string, shopperId: string) => ({ id, shopperId, itemId: 'item-1', type: 'view' });
const plain: RouteCase = { request: () => ({}) };

/** A change that staff makes to a company: tried on one that there is not, and named by those that there are. */
const forStaff = (body: object): RouteCase => {
  const explained = { ...body, reason: 'The isolation suite tries' };
  return {
    request: () => ({ params: { tenantId: newId('tenant') }, body: explained }),
    naming: ({ tenantId }) => ({ params: { tenantId }, body: explained }),
    alsoServed: ['not_found'],
    showsOthers: true,
  };
};

const announcementText = { subject: { en: 'Tried', ko: '시도' }, body: { en: 'Tried', ko: '시도' } };
const announcementTo = (tenantId: string) => ({ ...announcementText, audience: { kind: 'company', tenantId } });

/** How each route is called. A route without a case here does not compile, and fails the suite by its name. */
export const routeCases = {
  health: plain,
  listTiers: plain,
  openapi: plain,
  docs: plain,
  docsStyle: plain,
  openSession: {
    request: () => ({ body: { code: 'nobody-gave-this-one', verifier: 'v'.repeat(43) } }),
    alsoServed: ['unauthenticated'],
  },
  renewSession: { request: () => ({}), alsoServed: ['unauthenticated'] },
  closeSession: plain,
  getMe: { request: () => ({}), showsOthers: true },
  updateMe: { request: () => ({ body: { language: 'en' } }) },
  chooseMails: { request: () => ({ body: { weeklyReport: true } }) },
  // Of nobody: whose token it is, the key of the stage alone can say.
  unsubscribe: {
    request: () => ({ params: { token: `bm9ib2R5.${'A'.repeat(43)}` } }),
    alsoServed: ['not_found'],
  },
  setActiveTenant: {
    request: ({ tenantId }) => ({ body: { tenantId } }),
    naming: ({ tenantId }) => ({ body: { tenantId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
    showsOthers: true,
  },
  registerTenant: {
    request: () => ({ body: { name: 'Another', slug: unique('isolation'), tier: 'standard' } }),
    naming: ({ slug }) => ({ body: { name: 'Another', slug, tier: 'standard' } }),
    namingLeadsTo: ['slug_taken'],
    showsOthers: true,
  },
  // That an address is taken says nothing of by whom.
  checkSlug: {
    request: () => ({ params: { slug: unique('isolation') } }),
    naming: ({ slug }) => ({ params: { slug } }),
    alsoServed: ['rate_limited'],
    namingLeadsTo: ['rate_limited'],
    showsOthers: true,
  },
  getTenant: plain,
  updateTenant: { request: ({ name }) => ({ body: { name } }) },
  // Never confirmed rightly: the suite goes on with the company.
  deactivateTenant: {
    request: () => ({ query: { confirm: 'not-the-slug-of-the-company' } }),
    naming: ({ slug }) => ({ query: { confirm: slug } }),
    alsoServed: ['invalid_request'],
    namingLeadsTo: ['invalid_request'],
  },
  restoreTenant: plain,
  getOnboarding: plain,
  // To the tier that it has: the suite goes on with the company.
  changeTier: { request: () => ({ body: { tier: 'standard' } }), alsoServed: ['conflict'] },
  undoTierChange: { request: () => ({}), alsoServed: ['illegal_transition'] },
  getTierChange: plain,
  retryOnboarding: plain,
  listApiKeys: plain,
  createApiKey: {
    request: () => ({ body: { name: 'Web shop', kind: 'publishable' } }),
    alsoServed: ['limit_reached'],
  },
  revokeApiKey: {
    request: () => ({ params: { keyId: newId('apiKey') } }),
    naming: ({ keyId }) => ({ params: { keyId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  listUsers: plain,
  changeRole: {
    request: () => ({ params: { userId: newId('user') }, body: { role: 'viewer' } }),
    naming: ({ ownerId }) => ({ params: { userId: ownerId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  removeUser: {
    request: () => ({ params: { userId: newId('user') } }),
    naming: ({ ownerId }) => ({ params: { userId: ownerId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  // Never confirmed rightly: the suite goes on with its people.
  leaveTenant: {
    request: () => ({ query: { confirm: 'not-the-slug-of-the-company' } }),
    naming: ({ slug }) => ({ query: { confirm: slug } }),
    alsoServed: ['invalid_request'],
    namingLeadsTo: ['invalid_request'],
  },
  listInvitations: plain,
  inviteUser: {
    request: () => ({ body: { email: `${unique('invited')}@example.com`, role: 'viewer' } }),
    alsoServed: ['limit_reached', 'conflict'],
  },
  renewInvitation: {
    request: () => ({ params: { invitationId: newId('invitation') } }),
    naming: ({ invitationId }) => ({ params: { invitationId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  revokeInvitation: {
    request: () => ({ params: { invitationId: newId('invitation') } }),
    naming: ({ invitationId }) => ({ params: { invitationId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  // Sent to another address, whoever finds the token.
  readInvitation: {
    request: ({ invitationToken }) => ({ body: { token: invitationToken } }),
    naming: ({ invitationToken }) => ({ body: { token: invitationToken } }),
    alsoServed: ['forbidden'],
    namingLeadsTo: ['forbidden'],
  },
  getSso: plain,
  claimSsoDomain: {
    request: () => ({ body: { domain: `${unique('claimed')}.example.net` } }),
    naming: ({ domain }) => ({ body: { domain } }),
    alsoServed: ['limit_reached'],
  },
  // A record that nobody has made, so that the domains stay as they are.
  verifySsoDomain: {
    request: () => ({ params: { domain: 'nobody-claimed-this.example.net' } }),
    naming: ({ domain }) => ({ params: { domain } }),
    alsoServed: ['limit_reached', 'not_found'],
    namingLeadsTo: ['limit_reached', 'not_found', 'invalid_request', 'conflict'],
  },
  removeSsoDomain: {
    request: () => ({ params: { domain: 'nobody-claimed-this.example.net' } }),
    naming: ({ domain }) => ({ params: { domain } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  // Of a provider that is not there: what works is tried by the suite of single sign-on.
  saveSsoProvider: {
    request: () => ({
      body: { kind: 'oidc', issuer: 'https://login.example.net', clientId: 'a', clientSecret: 'b' },
    }),
    alsoServed: ['limit_reached', 'invalid_request'],
  },
  changeSsoProvider: {
    request: () => ({ body: { defaultRole: 'viewer' } }),
    alsoServed: ['limit_reached', 'not_found'],
  },
  removeSsoProvider: { request: () => ({}), alsoServed: ['not_found'] },
  findSignIn: {
    request: ({ domain }) => ({ body: { domain } }),
    naming: ({ domain }) => ({ body: { domain } }),
  },
  acceptInvitation: {
    request: ({ invitationToken }) => ({ body: { token: invitationToken } }),
    naming: ({ invitationToken }) => ({ body: { token: invitationToken } }),
    alsoServed: ['forbidden'],
    namingLeadsTo: ['forbidden'],
  },
  getBilling: plain,
  createCheckout: { request: () => ({}), alsoServed: ['conflict'] },
  createPortal: { request: () => ({}), alsoServed: ['not_found'] },
  previewPlan: { request: () => ({ body: { interval: 'year' } }) },
  // To the interval that it has: the suite goes on with the company.
  changeInterval: { request: () => ({ body: { interval: 'month' } }), alsoServed: ['conflict'] },
  listInvoices: { request: () => ({ query: { limit: '2' } }) },
  getSubscription: { request: () => ({}), alsoServed: ['not_found'] },
  getActivity: { request: () => ({ query: { minutes: '5' } }) },
  getUsage: { request: () => ({ query: { granularity: 'day' } }) },
  listAudit: {
    request: () => ({ query: { limit: '2' } }),
    naming: ({ cursor }) => ({ query: { cursor } }),
    namingLeadsTo: [],
  },
  verifyAudit: {
    request: () => ({}),
    naming: ({ cursor }) => ({ query: { cursor } }),
    namingLeadsTo: ['invalid_request'],
  },
  listModels: plain,
  trainModel: { request: () => ({}), alsoServed: ['conflict'] },
  serveModel: {
    request: () => ({ params: { version: newId('model') } }),
    naming: ({ modelVersion }) => ({ params: { version: modelVersion } }),
    alsoServed: ['not_found', 'conflict'],
    namingLeadsTo: ['not_found', 'conflict'],
  },
  startExport: { request: () => ({}), alsoServed: ['conflict'] },
  listExports: plain,
  listExportFiles: {
    request: () => ({ params: { exportId: newId('export') } }),
    naming: ({ exportId }) => ({ params: { exportId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  // Nobody whom the suite needs later.
  eraseShopper: {
    request: () => ({ params: { shopperId: 'shopper-gone' } }),
    naming: ({ ownShopper }) => ({ params: { shopperId: ownShopper } }),
    namingLeadsTo: [],
  },
  requestErasure: {
    request: () => ({ body: { shopperId: 'shopper-gone' } }),
    naming: ({ ownShopper }) => ({ body: { shopperId: ownShopper } }),
    namingLeadsTo: [],
  },
  listErasures: { request: () => ({ query: { limit: '2' } }) },
  listWebhooks: plain,
  createWebhook: {
    request: () => ({ body: { url: 'http://localhost:9/hooks', events: ['tenant.deactivated'] } }),
    alsoServed: ['limit_reached'],
  },
  updateWebhook: {
    request: () => ({ params: { webhookId: newId('webhook') }, body: { description: 'Tried' } }),
    naming: ({ webhookId }) => ({ params: { webhookId }, body: { description: 'Tried' } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  deleteWebhook: {
    request: () => ({ params: { webhookId: newId('webhook') } }),
    naming: ({ webhookId }) => ({ params: { webhookId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  rotateWebhookSecret: {
    request: () => ({ params: { webhookId: newId('webhook') } }),
    naming: ({ webhookId }) => ({ params: { webhookId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  testWebhook: {
    request: () => ({ params: { webhookId: newId('webhook') } }),
    naming: ({ webhookId }) => ({ params: { webhookId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  listDeliveries: {
    request: () => ({ params: { webhookId: newId('webhook') } }),
    naming: ({ webhookId }) => ({ params: { webhookId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  redeliver: {
    request: () => ({ params: { webhookId: newId('webhook'), messageId: newId('message') } }),
    naming: ({ webhookId, messageId }) => ({ params: { webhookId, messageId } }),
    alsoServed: ['not_found'],
    namingLeadsTo: ['not_found'],
  },
  collectEvents: {
    request: () => ({ body: { events: [event(newId('event'), aShopper)] } }),
    naming: ({ eventId, ownShopper }) => ({
      body: { events: [event(eventId, aShopper), event(newId('event'), ownShopper)] },
    }),
    namingLeadsTo: [],
  },
  recommend: {
    request: () => ({ body: { shopperId: aShopper } }),
    naming: ({ ownShopper, ownItem }) => ({ body: { shopperId: ownShopper, exclude: [ownItem] } }),
    namingLeadsTo: [],
  },
  previewRecommendations: {
    request: () => ({ body: { shopperId: aShopper } }),
    naming: ({ ownShopper }) => ({ body: { shopperId: ownShopper } }),
    namingLeadsTo: [],
  },
  putItems: {
    request: () => ({ body: { items: [{ id: 'item-1', title: 'Lamp' }] } }),
    naming: ({ ownItem }) => ({ body: { items: [{ id: ownItem, available: false }] } }),
    namingLeadsTo: [],
  },
  deleteItems: {
    request: () => ({ body: { itemIds: ['item-gone'] } }),
    naming: ({ ownItem }) => ({ body: { itemIds: [ownItem] } }),
    namingLeadsTo: [],
  },
  // Nobody was given the list: the entry gets a verdict that says so.
  sendFeedback: {
    request: () => ({
      body: { feedback: [{ type: 'impression', recommendationId: newId('recommendation'), shopperId: aShopper }] },
    }),
    naming: ({ ownShopper, ownItem }) => ({
      body: {
        feedback: [
          { type: 'click', recommendationId: newId('recommendation'), shopperId: ownShopper, itemId: ownItem },
        ],
      },
    }),
    namingLeadsTo: [],
  },
  getPerformance: plain,
  getExperiment: plain,
  startExperiment: {
    request: () => ({
      body: {
        name: 'Mixed',
        variants: [
          { name: 'a', percent: 50 },
          { name: 'b', percent: 50 },
        ],
      },
    }),
    alsoServed: ['conflict'],
  },
  endExperiment: { request: () => ({ body: { winner: null } }), alsoServed: ['not_found', 'conflict'] },
  listItems: { request: () => ({ query: { limit: '2' } }) },
  browseItems: { request: () => ({ query: { limit: '2' } }) },
  lookUpItems: {
    request: () => ({ body: { itemIds: ['item-1'] } }),
    naming: ({ ownItem }) => ({ body: { itemIds: [ownItem] } }),
    namingLeadsTo: [],
  },
  editItems: {
    request: () => ({ body: { items: [{ id: 'item-1', title: 'Lamp' }] } }),
    naming: ({ ownItem }) => ({ body: { items: [{ id: ownItem, available: false }] } }),
    namingLeadsTo: [],
  },
  removeItems: {
    request: () => ({ body: { itemIds: ['item-gone'] } }),
    naming: ({ ownItem }) => ({ body: { itemIds: [ownItem] } }),
    namingLeadsTo: [],
  },
  listShoppers: { request: () => ({ query: { limit: '5' } }) },
  readShopperEvents: {
    request: () => ({ params: { shopperId: aShopper } }),
    naming: ({ ownShopper }) => ({ params: { shopperId: ownShopper } }),
    namingLeadsTo: [],
  },
  listRecentEvents: { request: () => ({ query: { limit: '5' } }) },
  previewRules: {
    request: () => ({ body: { rules: [], request: { shopperId: aShopper } } }),
    naming: ({ ownShopper, ownItem }) => ({
      body: {
        rules: [{ name: 'First', effect: 'pin', position: 1, on: { itemIds: [ownItem] } }],
        request: { shopperId: ownShopper },
      },
    }),
    namingLeadsTo: [],
  },
  getRules: plain,
  // The version is that of the first: later ones find that somebody else was faster.
  putRules: {
    request: () => ({
      body: { version: 0, rules: [{ name: 'Last', effect: 'bury', on: { itemIds: ['item-2'] } }] },
    }),
    naming: ({ ownItem }) => ({
      body: { version: 0, rules: [{ name: 'None', effect: 'exclude', on: { itemIds: [ownItem] } }] },
    }),
    alsoServed: ['conflict'],
    namingLeadsTo: ['conflict'],
  },
  listTenants: { request: () => ({ query: { status: 'active' } }), showsOthers: true },
  readTenant: { request: ({ tenantId }) => ({ params: { tenantId } }), showsOthers: true },
  readTenantOverview: { request: ({ tenantId }) => ({ params: { tenantId } }), showsOthers: true },
  suspendTenant: {
    request: () => ({ params: { tenantId: newId('tenant') }, body: { reason: 'The isolation suite tries' } }),
    naming: ({ tenantId }) => ({ params: { tenantId }, body: { reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  reactivateTenant: {
    request: () => ({ params: { tenantId: newId('tenant') }, query: { reason: 'The isolation suite tries' } }),
    naming: ({ tenantId }) => ({ params: { tenantId }, query: { reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  resumeTierChange: {
    request: () => ({ params: { tenantId: newId('tenant') }, body: { reason: 'The isolation suite tries' } }),
    naming: ({ tenantId }) => ({ params: { tenantId }, body: { reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  deleteTenant: {
    request: () => ({ params: { tenantId: newId('tenant') }, body: { reason: 'The isolation suite tries' } }),
    naming: ({ tenantId }) => ({ params: { tenantId }, body: { reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  readCertificate: {
    request: ({ tenantId }) => ({ params: { tenantId } }),
    naming: ({ tenantId }) => ({ params: { tenantId } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  retryTenantOnboarding: forStaff({}),
  changeTenantTier: forStaff({ tier: 'premium' }),
  extendTrial: forStaff({ until: '2026-12-24T00:00:00.000Z' }),
  resendMail: forStaff({}),
  readTenantUsage: { request: ({ tenantId }) => ({ params: { tenantId } }), showsOthers: true },
  readSiloLoad: {
    request: ({ tenantId }) => ({ params: { tenantId } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  readSilo: {
    request: ({ tenantId }) => ({ params: { tenantId } }),
    naming: ({ tenantId }) => ({ params: { tenantId } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  listTenantInvoices: {
    request: ({ tenantId }) => ({ params: { tenantId } }),
    naming: ({ tenantId }) => ({ params: { tenantId } }),
    showsOthers: true,
  },
  listJobs: { request: () => ({}), showsOthers: true },
  listQueues: { request: () => ({}), showsOthers: true },
  redriveQueue: {
    request: () => ({ params: { queue: 'billing-events' }, body: { reason: 'The isolation suite tries' } }),
    showsOthers: true,
  },
  listFailures: { request: () => ({}), showsOthers: true },
  listStaffLog: { request: () => ({}), showsOthers: true },
  listFlags: { request: () => ({}), showsOthers: true },
  setFlag: {
    request: () => ({
      params: { flag: 'live-activity' },
      body: { rule: { kind: 'on' }, revision: 0, reason: 'The isolation suite tries' },
    }),
    // Somebody has set it meanwhile: another case of this one.
    alsoServed: ['conflict'],
    showsOthers: true,
  },
  listAnnouncements: { request: () => ({}), showsOthers: true },
  // To a company that there is not, so that nobody gets a mail; one that there is may be named by staff alone.
  sendAnnouncement: {
    request: () => ({ params: { announcementId: newId('announcement') }, body: announcementTo(newId('tenant')) }),
    naming: ({ tenantId }) => ({ body: announcementTo(tenantId) }),
    alsoServed: ['invalid_request'],
    showsOthers: true,
  },
  testAnnouncement: { request: () => ({ body: { ...announcementText, language: 'en' } }) },
  readReconciliation: { request: () => ({}), showsOthers: true },
  readFinance: { request: () => ({}), alsoServed: ['not_found'], showsOthers: true },
  listFinanceMonths: { request: () => ({}), showsOthers: true },
  listFinance: { request: () => ({}), showsOthers: true },
  startReconciliation: { request: () => ({ body: { reason: 'The isolation suite tries' } }), showsOthers: true },
  startImpersonation: {
    request: () => ({ body: { tenantId: newId('tenant'), reason: 'The isolation suite tries' } }),
    naming: ({ tenantId }) => ({ body: { tenantId, reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  endImpersonation: {
    request: () => ({ params: { tenantId: newId('tenant') } }),
    naming: ({ tenantId }) => ({ params: { tenantId } }),
    showsOthers: true,
  },
  listSilos: { request: () => ({ query: { status: 'active' } }), showsOthers: true },
  setSiloRing: {
    request: () => ({
      params: { tenantId: newId('tenant') },
      body: { pinned: false, reason: 'The isolation suite tries' },
    }),
    naming: ({ tenantId }) => ({ params: { tenantId }, body: { pinned: false, reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found', 'illegal_transition'],
    showsOthers: true,
  },
  // The version that every silo runs already.
  startRollout: {
    request: () => ({ body: { version: 'local', reason: 'The isolation suite tries' } }),
    alsoServed: ['conflict'],
  },
  listRollouts: { request: () => ({}), showsOthers: true },
  readRollout: {
    request: () => ({ params: { rolloutId: newId('rollout') } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  rollBack: {
    request: () => ({ params: { rolloutId: newId('rollout') }, body: { reason: 'The isolation suite tries' } }),
    alsoServed: ['not_found'],
    showsOthers: true,
  },
  stripeWebhook: {
    request: () => ({
      body: {
        id: `evt_${unique('isolation').replaceAll('-', '')}`,
        object: 'event',
        type: 'isolation.tried',
        data: { object: { id: 'obj_1' } },
      },
    }),
  },
} as const satisfies Record<RouteId, RouteCase>;
