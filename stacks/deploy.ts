import { createApi } from './api.ts';
import { createApiFunctions } from './api-functions.ts';
import { createAuditChain } from './audit.ts';
import {
  createBillingConsumer,
  createBillingQueue,
  createBillingReview,
  createReviewing,
  createStripeAccess,
} from './billing.ts';
import { createCatalogueSnapshots } from './catalogue.ts';
import { createCirculars } from './circulars.ts';
import { createSilos } from './cluster.ts';
import { createCosts } from './costs.ts';
import { createEventArchive } from './dataplane.ts';
import { createDeletion } from './deletion.ts';
import { createErasure } from './erasure.ts';
import { createExport } from './export.ts';
import { createFinance } from './finance.ts';
import { createFleet } from './fleet.ts';
import { createIdentity } from './identity.ts';
import { createProfileRoles } from './isolation.ts';
import { createJobs } from './jobs.ts';
import { createMail } from './mail.ts';
import { createOnboarding } from './provisioning.ts';
import { createReconciliation } from './reconciliation.ts';
import { createSchedules } from './schedule.ts';
import { createSiloRemoval } from './silo-removal.ts';
import { stageSettings } from './stage.ts';
import { createStorage } from './storage.ts';
import { createSuspension } from './suspension.ts';
import { createTierChange } from './tier-change.ts';
import { createTraining } from './training.ts';
import { createUsage } from './usage.ts';
import { createEdge, createWeb } from './web.ts';
import { createWebhookConsumers, createWebhookSending } from './webhooks.ts';

/** Everything that one stage consists of. What is given back is printed after a deployment. */
export function deploy() {
  const stage = stageSettings($app.stage);
  createCosts(stage);
  const { router, siteUrl } = createEdge(stage);
  const storage = createStorage(stage);
  const identity = createIdentity({ storage, siteUrl });
  const stripe = createStripeAccess();
  const billingQueue = createBillingQueue();

  const archive = createEventArchive({ storage });
  const catalogue = createCatalogueSnapshots({ storage });
  const silos = stage.silos && createSilos({ stage, settings: stage.silos, storage });
  const siloRemoval = createSiloRemoval({ storage, silos, archive });
  const onboarding = createOnboarding({ storage, archive, silos, siloRemoval, siteUrl });
  const schedule = createSchedules();
  const training = createTraining({ storage, schedule, silos });
  const suspension = createSuspension({ storage, silos, training: training.stateMachine });
  const deletion = createDeletion({ storage, siloRemoval, identity, stripe, suspension, training });
  const fleet = createFleet({ storage, silos });
  const tierChange = createTierChange({ stage, storage, stripe, onboarding, siloRemoval });
  const erasure = createErasure({ storage, training });
  const exporting = createExport({ storage });
  const onboardingArn = onboarding.stateMachine.arn;
  const machines = {
    onboarding: onboarding.stateMachine,
    suspension: suspension.stateMachine,
    deletion: deletion.stateMachine,
    tierChange: tierChange.stateMachine,
  };
  const mail = createMail(stage);
  const review = createReviewing({ machines, mail, siteUrl });
  const billingConsumer = createBillingConsumer({ storage, stripe, queue: billingQueue.queue, review });
  const billingReview = createBillingReview({ storage, stripe, review, schedule });
  const jobs = createJobs({ storage, stripe, schedule });
  const circulars = createCirculars({ storage, mail, siteUrl, schedule });
  const auditChain = createAuditChain({ storage });
  const webhooks = createWebhookSending();
  const webhookConsumers = createWebhookConsumers({ storage, sending: webhooks, mail, siteUrl });
  const usage = createUsage({
    storage,
    stripe,
    archive,
    catalogue,
    schedule,
    audit: { AuditChain: auditChain, WebhookEvents: webhookConsumers.events },
  });
  const finance = createFinance({ stage, storage, stripe, schedule });
  const reconcile = createReconciliation({
    storage,
    silos,
    archive,
    identity,
    stripe,
    machines,
    review,
    schedule,
  });

  const apiFunctions = createApiFunctions({
    storage,
    stripe,
    siteUrl,
    identity,
    mail,
    billingQueue: billingQueue.queue,
    webhooks,
    onboardingArn,
    trainingArn: training.stateMachine.arn,
    suspensionArn: suspension.stateMachine.arn,
    fleetArn: fleet.stateMachine.arn,
    silos,
    deletionArn: deletion.stateMachine.arn,
    tierChangeArn: tierChange.stateMachine.arn,
    erasureArn: erasure.stateMachine.arn,
    exportArn: exporting.stateMachine.arn,
    reconcile,
    watched: {
      machines: {
        ...machines,
        training: training.stateMachine,
        export: exporting.stateMachine,
        fleet: fleet.stateMachine,
      },
      deadLetters: {
        'billing-events': billingQueue.deadLetters,
        'event-archive': archive.deadLetters,
        'recommendation-meter': usage.recommendations.deadLetters,
        'catalogue-snapshot': catalogue.deadLetters,
        'audit-chain': auditChain.deadLetters,
        'webhook-events': webhookConsumers.events.deadLetters,
        'webhook-deliveries': webhooks.deadLetters,
      },
      queues: { 'billing-events': billingQueue.queue, 'webhook-deliveries': webhooks.queue },
      redrive: usage.redrive,
    },
  });
  const { api, functions: authorizers } = createApi({ stage, storage, identity, functions: apiFunctions });
  const site = createWeb({ router, siteUrl, api, identity });

  createProfileRoles({
    storage,
    functions: [
      ...identity.functions,
      archive.function,
      catalogue.function,
      ...onboarding.functions,
      ...training.functions,
      ...suspension.functions,
      ...deletion.functions,
      ...fleet.functions,
      ...tierChange.functions,
      ...erasure.functions,
      ...exporting.functions,
      billingConsumer,
      billingReview,
      ...jobs,
      ...circulars,
      auditChain.function,
      ...webhookConsumers.functions,
      ...usage.functions,
      finance,
      reconcile,
      ...Object.values(apiFunctions),
      ...authorizers,
    ],
  });

  return {
    site: site.url,
    api: api.url,
    login: identity.loginUrl,
    userPool: identity.pool.id,
    client: identity.client.id,
  };
}
