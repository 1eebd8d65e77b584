import { type ApiFunction, apiFunctions } from '@tenantry/core/contract/route';
import { observerGroup } from '@tenantry/core/silo/provisioner';
import { createAnswerKey } from './answers.ts';
import type { StripeAccess } from './billing.ts';
import type { Silos } from './cluster.ts';
import { createFunction, type DeployedFunction, type FunctionOptions } from './function.ts';
import { on } from './grants.ts';
import type { Identity } from './identity.ts';
import type { MailFrom } from './mail.ts';
import { domainRecord } from './naming.ts';
import type { Storage } from './storage.ts';
import { type Watched, watching } from './watched.ts';
import type { WebhookSending } from './webhooks.ts';

interface ApiFunctionsOptions {
  readonly storage: Storage;
  readonly stripe: StripeAccess;
  readonly siteUrl: $util.Input<string>;
  readonly identity: Identity;
  readonly mail: MailFrom;
  readonly billingQueue: sst.aws.Queue;
  readonly webhooks: WebhookSending;
  readonly onboardingArn: $util.Input<string>;
  readonly trainingArn: $util.Input<string>;
  readonly suspensionArn: $util.Input<string>;
  readonly deletionArn: $util.Input<string>;
  readonly fleetArn: $util.Input<string>;
  readonly silos: Silos | null;
  readonly tierChangeArn: $util.Input<string>;
  readonly erasureArn: $util.Input<string>;
  readonly exportArn: $util.Input<string>;
  readonly reconcile: DeployedFunction;
  readonly watched: Watched;
}

/** The functions that answer the API, each with what it needs and no more. */
export function createApiFunctions(options: ApiFunctionsOptions): Record<ApiFunction, DeployedFunction> {
  const { storage, stripe, siteUrl, identity, mail, billingQueue, webhooks, reconcile, silos } = options;
  const { onboardingArn, trainingArn, suspensionArn, deletionArn, tierChangeArn, erasureArn, exportArn, fleetArn } =
    options;
  const site = { SITE_URL: siteUrl };

  const needs = {
    public: { environment: site },
    session: { environment: { ...site, LOGIN_URL: identity.loginUrl, CLIENT_ID: identity.client.id } },
    me: {},
    mails: { environment: mail.keyEnvironment },
    registration: { environment: { ...site, ...stripe.environment } },
    tenant: {
      environment: { ONBOARDING_ARN: onboardingArn },
      grants: [on(['states:StartExecution'], onboardingArn)],
    },
    users: { environment: { ...site, MAIL_FROM: mail.from }, grants: [mail.sending] },
    sso: {
      environment: {
        USER_POOL_ID: identity.pool.id,
        CLIENT_ID: identity.client.id,
        LOGIN_URL: identity.loginUrl,
        DOMAIN_RECORD: domainRecord(),
      },
      grants: [
        on(
          [
            'cognito-idp:CreateIdentityProvider',
            'cognito-idp:UpdateIdentityProvider',
            'cognito-idp:DeleteIdentityProvider',
            'cognito-idp:ListIdentityProviders',
            'cognito-idp:DescribeUserPoolClient',
            'cognito-idp:UpdateUserPoolClient',
            'cognito-idp:AdminDisableProviderForUser',
            'cognito-idp:AdminDeleteUser',
            'cognito-idp:AdminUserGlobalSignOut',
          ],
          identity.pool.arn,
        ),
      ],
    },
    'sign-in': {},
    invitations: {
      environment: { USER_POOL_ID: identity.pool.id },
      grants: [on(['cognito-idp:AdminGetUser'], identity.pool.arn)],
    },
    lifecycle: {
      environment: {
        DELETION_ARN: deletionArn,
        SUSPENSION_ARN: suspensionArn,
        TIER_CHANGE_ARN: tierChangeArn,
        ...stripe.environment,
      },
      grants: [on(['states:StartExecution'], deletionArn, suspensionArn, tierChangeArn)],
    },
    keys: {},
    billing: { environment: { ...site, ...stripe.environment } },
    activity: {},
    usage: {},
    audit: {},
    webhooks: { environment: { ...webhooks.environment, ...webhooks.keyEnvironment }, grants: webhooks.grants },
    models: {
      environment: { TRAINING_ARN: trainingArn },
      grants: [on(['states:StartExecution'], trainingArn)],
    },
    exports: {
      environment: { EXPORT_ARN: exportArn },
      grants: [on(['states:StartExecution'], exportArn)],
    },
    erasures: {
      environment: { ERASURE_ARN: erasureArn },
      grants: [on(['states:StartExecution'], erasureArn)],
    },
    collector: { memoryMb: 1024 },
    // Models of several tenants are held in memory.
    recommendations: { memoryMb: 1769 },
    catalogue: {},
    attribution: {},
    operator: {
      environment: {
        SUSPENSION_ARN: suspensionArn,
        DELETION_ARN: deletionArn,
        TIER_CHANGE_ARN: tierChangeArn,
        USER_POOL_ID: identity.pool.id,
      },
      grants: [
        on(['states:StartExecution'], suspensionArn, deletionArn, tierChangeArn),
        on(['cognito-idp:ListUsers'], identity.pool.arn),
      ],
    },
    support: {
      environment: {
        ...site,
        ONBOARDING_ARN: onboardingArn,
        TIER_CHANGE_ARN: tierChangeArn,
        MAIL_FROM: mail.from,
        CLUSTER_NAME: silos?.cluster.name ?? '',
        ...stripe.environment,
      },
      grants: [
        on(['states:StartExecution'], onboardingArn, tierChangeArn),
        mail.sending,
        ...(silos ? [on(['eks:DescribeCluster'], silos.cluster.arn)] : []),
      ],
    },
    fleet: {
      environment: { FLEET_ARN: fleetArn, SILO_IMAGE: silos?.image ?? '' },
      grants: [on(['states:StartExecution'], fleetArn)],
    },
    jobs: watching(options.watched),
    flags: {},
    announcements: { environment: { ...site, MAIL_FROM: mail.from }, grants: [mail.sending] },
    reconciliation: {
      environment: { RECONCILE_FUNCTION: reconcile.name },
      grants: [on(['lambda:InvokeFunction'], reconcile.arn)],
    },
    finance: {},
    'stripe-webhook': {
      environment: { BILLING_QUEUE_URL: billingQueue.url, ...stripe.webhookEnvironment },
      grants: [on(['sqs:SendMessage'], billingQueue.arn)],
    },
  } as const satisfies Record<ApiFunction, Omit<FunctionOptions, 'storage'>>;

  const answerKey = createAnswerKey();
  const functions = Object.fromEntries(
    apiFunctions.map((name) => {
      const own: Omit<FunctionOptions, 'storage'> = needs[name];
      const environment = { ...own.environment, ...answerKey[name] };
      return [name, createFunction(`api/${name}`, { storage, ...own, environment })];
    }),
  ) as Record<ApiFunction, DeployedFunction>;
  silos?.admit('SilosObserver', functions.support, observerGroup);
  return functions;
}
