import type { ApiFunction } from '@tenantry/core/contract/route';
import type { StripeAccess } from './billing.ts';
import { createFunction, type DeployedFunction, type FunctionOptions } from './function.ts';
import { on, onRows } from './grants.ts';
import type { Storage } from './storage.ts';

interface ApiFunctionsOptions {
  readonly storage: Storage;
  readonly stripe: StripeAccess;
  readonly siteUrl: $util.Input<string>;
  readonly billingQueue: sst.aws.Queue;
  readonly onboardingArn: $util.Input<string>;
  readonly trainingArn: $util.Input<string>;
}

/** The functions that answer the API, each with what it needs and no more. */
export function createApiFunctions(options: ApiFunctionsOptions): Record<ApiFunction, DeployedFunction> {
  const { storage, stripe, siteUrl, billingQueue, onboardingArn, trainingArn } = options;
  const control = { CONTROL_TABLE: storage.control.name, AUDIT_TABLE: storage.audit.name };
  const site = { SITE_URL: siteUrl };

  const needs = {
    public: { environment: site },
    me: {
      environment: control,
      grants: [onRows(storage.control, ['dynamodb:Query', 'dynamodb:UpdateItem'], ['USER#*'])],
      profiles: ['tenant-control'],
    },
    registration: {
      environment: { ...control, ...site, ...stripe.environment },
      grants: [
        onRows(storage.control, ['dynamodb:Query'], ['USER#*']),
        onRows(storage.control, ['dynamodb:GetItem'], ['SLUG#*', 'TENANT#*']),
        onRows(storage.control, ['dynamodb:UpdateItem'], ['USER#*', 'TENANT#*']),
        onRows(storage.control, ['dynamodb:PutItem'], ['TENANT#*', 'SLUG#*', 'USER#*']),
        onRows(storage.audit, ['dynamodb:PutItem'], ['TENANT#*']),
      ],
    },
    tenant: {
      environment: { ...control, ONBOARDING_ARN: onboardingArn },
      grants: [on(['states:StartExecution'], onboardingArn)],
      profiles: ['tenant-control'],
    },
    keys: { environment: control, profiles: ['tenant-control'] },
    billing: { environment: { ...control, ...site, ...stripe.environment }, profiles: ['tenant-control'] },
    activity: { environment: { ...control, USAGE_TABLE: storage.usage.name }, profiles: ['tenant-control'] },
    models: {
      environment: { ...control, TRAINING_ARN: trainingArn },
      grants: [on(['states:StartExecution'], trainingArn)],
      profiles: ['tenant-control'],
    },
    collector: {
      environment: { EVENTS_TABLE: storage.events.name, SILO_TABLE_PREFIX: storage.silo.prefix },
      profiles: ['tenant-data'],
      memoryMb: 1024,
    },
    recommendations: {
      environment: {
        ...control,
        EVENTS_TABLE: storage.events.name,
        RECOMMENDATIONS_TABLE: storage.recommendations.name,
        MODELS_BUCKET: storage.models.name,
      },
      profiles: ['tenant-serving', 'tenant-control'],
      // Models of several tenants are held in memory.
      memoryMb: 1769,
    },
    'stripe-webhook': {
      environment: {
        CONTROL_TABLE: storage.control.name,
        BILLING_QUEUE_URL: billingQueue.url,
        ...stripe.webhookEnvironment,
      },
      grants: [
        onRows(storage.control, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ['RECEIPT#*']),
        on(['sqs:SendMessage'], billingQueue.arn),
      ],
    },
  } as const satisfies Record<ApiFunction, FunctionOptions>;

  return Object.fromEntries(
    Object.entries<FunctionOptions>(needs).map(([name, options]) => [name, createFunction(`api/${name}`, options)]),
  ) as Record<ApiFunction, DeployedFunction>;
}
