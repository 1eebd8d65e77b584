import { type DeletionTask, deletionDefinition } from '@tenantry/core/deletion/state-machine';
import type { StripeAccess } from './billing.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { on } from './grants.ts';
import type { Identity } from './identity.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';
import type { createSuspension } from './suspension.ts';
import type { createTraining } from './training.ts';

/** Erases tenants that leave, with everything that they have. */
export function createDeletion(options: {
  storage: Storage;
  siloRemoval: DeployedFunction;
  identity: Identity;
  stripe: StripeAccess;
  suspension: ReturnType<typeof createSuspension>;
  training: ReturnType<typeof createTraining>;
}) {
  const { storage, siloRemoval, identity, stripe, suspension, training } = options;
  const timeoutSeconds = 60;
  const tasks = {
    deletion: createFunction('tasks/deletion', {
      storage,
      environment: { TRAINING_ARN: training.stateMachine.arn },
      grants: [suspension.stopping],
      timeoutSeconds,
    }),
    'deletion-data': createFunction('tasks/deletion-data', { storage, timeoutSeconds }),
    'deletion-members': createFunction('tasks/deletion-members', {
      storage,
      environment: {
        USER_POOL_ID: identity.pool.id,
        OPERATORS_GROUP: identity.operators.name,
        CLIENT_ID: identity.client.id,
      },
      grants: [
        on(
          [
            'cognito-idp:AdminDeleteUser',
            'cognito-idp:AdminListGroupsForUser',
            'cognito-idp:AdminDisableProviderForUser',
            'cognito-idp:DeleteIdentityProvider',
            'cognito-idp:ListIdentityProviders',
            'cognito-idp:DescribeUserPoolClient',
            'cognito-idp:UpdateUserPoolClient',
          ],
          identity.pool.arn,
        ),
      ],
      timeoutSeconds,
    }),
    'deletion-billing': createFunction('tasks/deletion-billing', {
      storage,
      environment: stripe.environment,
      timeoutSeconds,
    }),
    'deletion-silo': siloRemoval,
  } as const satisfies Record<Exclude<DeletionTask, 'suspension-silo'>, DeployedFunction>;

  const arns = $util.all({
    ...Object.fromEntries(Object.entries(tasks).map(([name, { arn }]) => [name, arn])),
    'suspension-silo': suspension.scaler.arn,
  }) as $util.Output<Record<DeletionTask, string>>;
  const functions = Object.values(tasks);
  const stateMachine = createStateMachine('Deletion', {
    name: 'deletion',
    definition: arns.apply(deletionDefinition),
    tasks: [...functions, suspension.scaler].map(({ arn }) => arn),
  });
  return { stateMachine, functions };
}
