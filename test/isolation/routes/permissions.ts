import type { Access } from '@tenantry/core/contract/route';
import type { RouteId } from '@tenantry/core/contract/routes';

/** How a row of the contract reads. */
export function describeAccess(access: Access): string {
  if (access.by === 'member') return `member as ${access.roles.join(', ')}, while ${access.statuses.join(', ')}`;
  if (access.by === 'apiKey') {
    const probing = access.probe ? `; the onboarding’s probe while ${access.probe.join(', ')}` : '';
    return `apiKey as ${access.kinds.join(', ')}, while ${access.statuses.join(', ')}${probing}`;
  }
  return access.by;
}

/**
 * Who may call what, said a second time on purpose: everything else derives from the contract, so a row that lets in somebody more would
 * otherwise change the system and its tests alike. Whoever changes a row changes it here too, and sees it in the review.
 */
export const permissions = {
  health: 'anyone',
  listTiers: 'anyone',
  openapi: 'anyone',
  docs: 'anyone',
  docsStyle: 'anyone',
  openSession: 'site',
  renewSession: 'site',
  closeSession: 'site',
  getMe: 'user',
  setActiveTenant: 'user',
  registerTenant: 'user',
  checkSlug: 'user',
  getTenant:
    'member as owner, admin, member, viewer, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  getSso: 'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  claimSsoDomain: 'member as owner, admin, while active, migrating, suspended',
  verifySsoDomain: 'member as owner, admin, while active, migrating, suspended',
  removeSsoDomain: 'member as owner, admin, while active, migrating, suspended',
  saveSsoProvider: 'member as owner, while active, migrating, suspended',
  changeSsoProvider: 'member as owner, while active, migrating, suspended',
  removeSsoProvider: 'member as owner, while active, migrating, suspended',
  findSignIn: 'anyone',
  updateTenant: 'member as owner, admin, while active, migrating, suspended',
  deactivateTenant: 'member as owner, while active, suspended, failed, deactivating',
  restoreTenant: 'member as owner, while deactivating',
  getOnboarding:
    'member as owner, admin, member, viewer, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  changeTier: 'member as owner, while active, migrating',
  undoTierChange: 'member as owner, while active, migrating',
  getTierChange:
    'member as owner, admin, member, viewer, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  retryOnboarding: 'member as owner, admin, while failed',
  listApiKeys: 'member as owner, admin, member, while active, migrating, suspended',
  createApiKey: 'member as owner, admin, while active, migrating',
  revokeApiKey: 'member as owner, admin, while active, migrating, suspended',
  listUsers:
    'member as owner, admin, member, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  changeRole: 'member as owner, admin, while active, migrating, suspended',
  removeUser: 'member as owner, admin, while active, migrating, suspended',
  leaveTenant: 'member as owner, admin, member, viewer, while active, migrating, suspended',
  listInvitations:
    'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  inviteUser: 'member as owner, admin, while active, migrating',
  renewInvitation: 'member as owner, admin, while active, migrating',
  revokeInvitation: 'member as owner, admin, while active, migrating, suspended',
  readInvitation: 'user',
  acceptInvitation: 'user',
  getBilling: 'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  createCheckout: 'member as owner, while pending, suspended, deactivating',
  createPortal: 'member as owner, while provisioning, failed, active, suspended, migrating, deactivating',
  previewPlan: 'member as owner, admin, while active, migrating',
  changeInterval: 'member as owner, while active',
  listInvoices: 'member as owner, admin, while provisioning, failed, active, suspended, migrating, deactivating',
  getSubscription:
    'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  getActivity: 'member as owner, admin, member, viewer, while active, migrating, suspended',
  getUsage: 'member as owner, admin, member, viewer, while active, migrating, suspended, deactivating',
  listAudit: 'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  verifyAudit:
    'member as owner, admin, while pending, provisioning, failed, active, suspended, migrating, deactivating',
  listModels: 'member as owner, admin, member, viewer, while active, migrating, suspended',
  trainModel: 'member as owner, admin, while active, migrating',
  serveModel: 'member as owner, admin, while active, migrating',
  startExport: 'member as owner, while active, migrating, suspended, deactivating',
  listExports: 'member as owner, while active, migrating, suspended, deactivating',
  listExportFiles: 'member as owner, while active, migrating, suspended, deactivating',
  listWebhooks: 'member as owner, admin, while active, migrating, suspended, deactivating',
  createWebhook: 'member as owner, admin, while active, migrating',
  updateWebhook: 'member as owner, admin, while active, migrating',
  deleteWebhook: 'member as owner, admin, while active, migrating, suspended, deactivating',
  rotateWebhookSecret: 'member as owner, admin, while active, migrating',
  testWebhook: 'member as owner, admin, while active, migrating',
  listDeliveries: 'member as owner, admin, while active, migrating, suspended, deactivating',
  redeliver: 'member as owner, admin, while active, migrating',
  collectEvents: 'apiKey as publishable, secret, while active, migrating',
  recommend:
    'apiKey as publishable, secret, while active, migrating; the onboarding’s probe while provisioning, active, migrating',
  previewRecommendations: 'member as owner, admin, member, viewer, while active, migrating',
  putItems: 'apiKey as secret, while active, migrating',
  deleteItems: 'apiKey as secret, while active, migrating',
  listItems: 'apiKey as secret, while active, migrating',
  browseItems: 'member as owner, admin, member, viewer, while active, migrating',
  lookUpItems: 'member as owner, admin, member, viewer, while active, migrating',
  editItems: 'member as owner, admin, while active, migrating',
  removeItems: 'member as owner, admin, while active, migrating',
  listShoppers: 'member as owner, admin, member, while active, migrating',
  readShopperEvents: 'member as owner, admin, member, while active, migrating',
  previewRules: 'member as owner, admin, while active, migrating',
  getRules: 'member as owner, admin, member, viewer, while active, migrating',
  putRules: 'member as owner, admin, while active, migrating',
  sendFeedback: 'apiKey as publishable, secret, while active, migrating',
  getPerformance: 'member as owner, admin, member, viewer, while active, migrating',
  getExperiment: 'member as owner, admin, member, viewer, while active, migrating',
  startExperiment: 'member as owner, admin, while active, migrating',
  endExperiment: 'member as owner, admin, while active, migrating',
  listTenants: 'operator',
  readTenant: 'operator',
  readTenantOverview: 'operator',
  suspendTenant: 'operator',
  reactivateTenant: 'operator',
  resumeTierChange: 'operator',
  deleteTenant: 'operator',
  readCertificate: 'operator',
  readReconciliation: 'operator',
  readFinance: 'operator',
  listFinance: 'operator',
  startReconciliation: 'operator',
  startImpersonation: 'operator',
  endImpersonation: 'operator',
  listSilos: 'operator',
  setSiloRing: 'operator',
  startRollout: 'operator',
  listRollouts: 'operator',
  readRollout: 'operator',
  rollBack: 'operator',
  stripeWebhook: 'stripe',
} as const satisfies Record<RouteId, string>;
