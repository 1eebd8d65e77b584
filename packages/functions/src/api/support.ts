import { SFNClient } from '@aws-sdk/client-sfn';
import { appendAudit } from '@tenantry/core/audit/audit';
import { findBilling } from '@tenantry/core/billing/billing-row';
import { extendTrial } from '@tenantry/core/billing/extend-trial';
import { invoicePage } from '@tenantry/core/billing/invoices';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { TenantId } from '@tenantry/core/ids/id';
import { newestMail } from '@tenantry/core/mail/outbox';
import { operatorTenantView } from '@tenantry/core/operator/tenants';
import { siloName, siloNamespace } from '@tenantry/core/silo/names';
import { type Replicas, replicasOf } from '@tenantry/core/silo/replicas';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { type TierChangeInput, tierChangeExecution } from '@tenantry/core/tier-change/state-machine';
import { beginTierChange } from '@tenantry/core/tier-change/tier-change';
import { readDailyUse } from '@tenantry/core/usage/daily-use';
import { readSiloLoad } from '@tenantry/core/usage/silo-load';
import { companyMailer } from '../company-mailer.ts';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { askSilo, logsUrlOf } from '../silo-view.ts';
import { startExecution } from '../start-execution.ts';
import { startOnboarding } from '../start-onboarding.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { siloCluster } from '../tasks/silo-cluster.ts';

const { ONBOARDING_ARN, TIER_CHANGE_ARN, STAGE, AWS_REGION } = readEnvironment({
  ONBOARDING_ARN: required,
  TIER_CHANGE_ARN: required,
  STAGE: required,
  AWS_REGION: required,
});
const sfn = new SFNClient({});
const stripe = stripeFromEnvironment();
const { connect } = siloCluster();
const { Control: people } = ownTables('api/support');
const mailer = companyMailer(people);
const scopeOf = createScope('api/support');

const INVOICES = 12;
const DAYS_OF_USE = 30;

/** A company's stores, with credentials of its own: staff reaches one company at a time. */
function storesOf({ tenantId, requestId }: { readonly tenantId: TenantId; readonly requestId: string }) {
  logTenant(tenantId);
  return scopeOf({ tenantId, requestId })['tenant-subscription'];
}

/** What the cluster says of a silo; the rest of a page does without it. */
async function runningReplicas(tenantId: TenantId): Promise<Replicas | null> {
  try {
    const cluster = await connect();
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: siloNamespace(tenantId) };
    return replicasOf(await cluster.get({ ...deployment, name: siloName }));
  } catch (error) {
    log.warn('replicas not known', { reason: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

export const handler = createApi('support', undefined, {
  retryTenantOnboarding: async ({ params: { tenantId }, body: { reason }, actor, requestId, now }) => {
    const { Control, Audit } = storesOf({ tenantId, requestId });
    const tenant = await loadTenant(Control, tenantId);
    if (tenant.status !== 'failed') {
      throw new DomainError(
        'illegal_transition',
        `The onboarding of a company that is ${tenant.status} has not failed.`,
      );
    }
    // Two retries at once start the same run.
    const run = tenant.run + 1;
    await startOnboarding(sfn, ONBOARDING_ARN, { tenantId, run });
    await appendAudit(Audit, { tenantId, actor, action: 'onboarding.retried', details: { run, reason }, at: now });
    return { run };
  },
  changeTenantTier: async ({ params: { tenantId }, body: { tier, reason: why }, actor, requestId, now }) => {
    const { Control, Audit } = storesOf({ tenantId, requestId });
    const tables = { control: Control, auditTable: Audit.name };
    const context = { actor, at: now, why };
    const moving = await beginTierChange(tables, await loadTenant(Control, tenantId), tier, context);
    const input: TierChangeInput = { tenantId, changeId: moving.migration.changeId };
    await startExecution(sfn, TIER_CHANGE_ARN, tierChangeExecution(input), input);
    return operatorTenantView(moving);
  },
  extendTrial: async ({ params: { tenantId }, body: { until, reason }, actor, requestId, now }) => {
    const { Control, Audit } = storesOf({ tenantId, requestId });
    await loadTenant(Control, tenantId);
    const subscription = (await findBilling(Control, tenantId))?.state?.subscription;
    if (!subscription)
      throw new DomainError('illegal_transition', 'There is no trial to extend: nothing was subscribed.');
    const from = await extendTrial(stripe, subscription.subscriptionId, { until: new Date(until), now });
    const details = { from: from.toISOString(), until, reason };
    await appendAudit(Audit, { tenantId, actor, action: 'billing.trialExtended', details, at: now });
    return { trialEnd: until };
  },
  resendMail: async ({ params: { tenantId }, body: { reason }, actor, requestId, now }) => {
    const { Control, Audit } = storesOf({ tenantId, requestId });
    await loadTenant(Control, tenantId);
    const mail = await newestMail(Control, tenantId);
    if (!mail) throw new DomainError('not_found', 'The company was sent no mail yet.');
    const { recipients, send } = mailer(Control, tenantId);
    const owners = await recipients(mail);
    try {
      for (const owner of owners) await send(mail, owner);
    } catch (cause) {
      throw new DomainError('unavailable', 'The mail could not be sent; try again.', { cause });
    }
    const details = { kind: mail.kind, reason };
    await appendAudit(Audit, { tenantId, actor, action: 'mail.resent', details, at: now });
    return { kind: mail.kind, recipients: owners.length };
  },
  readTenantUsage: async ({ params: { tenantId }, requestId, now }) => {
    const { Control } = storesOf({ tenantId, requestId });
    await loadTenant(Control, tenantId);
    const { Usage } = scopeOf({ tenantId, requestId })['tenant-usage'];
    return { days: await readDailyUse(Usage, tenantId, { now, count: DAYS_OF_USE }) };
  },
  readSilo: async ({ params: { tenantId }, requestId }) => {
    const { Control } = storesOf({ tenantId, requestId });
    const tenant = await loadTenant(Control, tenantId);
    if (tenant.isolation !== 'silo') throw new DomainError('not_found', 'The company has no silo.');
    const { siloVersion = null, rollout } = tenant;
    return {
      version: siloVersion,
      ring: rollout?.ring ?? null,
      pinned: rollout?.pinned ?? null,
      ...(await askSilo(tenant)),
      logsUrl: STAGE === 'local' ? null : logsUrlOf(AWS_REGION, { stage: STAGE, tenantId }),
    };
  },
  readSiloLoad: async ({ params: { tenantId }, requestId, now }) => {
    const { Control } = storesOf({ tenantId, requestId });
    const { isolation, tier } = await loadTenant(Control, tenantId);
    const { silo } = tierCatalogue[tier];
    if (isolation !== 'silo' || !silo) throw new DomainError('not_found', 'The company has no silo.');
    const { Usage } = scopeOf({ tenantId, requestId })['tenant-usage'];
    const replicas = { min: silo.replicasMin, max: silo.replicasMax };
    const [running, load] = await Promise.all([runningReplicas(tenantId), readSiloLoad(Usage, tenantId, now)]);
    return { replicas, running, ...load };
  },
  listTenantInvoices: async ({ params: { tenantId }, requestId }) => {
    const { Control } = storesOf({ tenantId, requestId });
    await loadTenant(Control, tenantId);
    const billing = await findBilling(Control, tenantId);
    if (!billing) return { invoices: [] };
    const { invoices } = await invoicePage(stripe, billing.customerId, { limit: INVOICES });
    return { invoices };
  },
});
