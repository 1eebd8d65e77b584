import { type TierChangeTask, tierChangeDefinition } from '@tenantry/core/tier-change/state-machine';
import type { StripeAccess } from './billing.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import type { createOnboarding } from './provisioning.ts';
import type { StageSettings } from './stage.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Moves tenants to another tier, with the tasks that build silos and take them down. */
export function createTierChange(options: {
  stage: StageSettings;
  storage: Storage;
  stripe: StripeAccess;
  onboarding: ReturnType<typeof createOnboarding>;
  siloRemoval: DeployedFunction;
}) {
  const { stage, storage, stripe, onboarding, siloRemoval } = options;
  const timeoutSeconds = 60;
  const own = {
    'tier-change': createFunction('tasks/tier-change', {
      storage,
      environment: { GRACE_SECONDS: String(stage.tierChangeGraceSeconds) },
      timeoutSeconds,
    }),
    'tier-change-data': createFunction('tasks/tier-change-data', { storage, memoryMb: 1024, timeoutSeconds }),
    'tier-change-billing': createFunction('tasks/tier-change-billing', {
      storage,
      environment: stripe.environment,
      timeoutSeconds,
    }),
  };
  const tasks = {
    ...own,
    'onboarding-capacity': onboarding.tasks.capacity,
    'onboarding-storage': onboarding.tasks.storage,
    'onboarding-silo': onboarding.tasks.silo,
    'onboarding-probe': onboarding.tasks.probe,
    'deletion-silo': siloRemoval,
  } as const satisfies Record<TierChangeTask, DeployedFunction>;
  const arns = $util.all(
    Object.fromEntries(Object.entries(tasks).map(([name, { arn }]) => [name, arn])),
  ) as $util.Output<Record<TierChangeTask, string>>;
  const stateMachine = createStateMachine('TierChange', {
    name: 'tier-change',
    definition: arns.apply(tierChangeDefinition),
    tasks: Object.values(tasks).map(({ arn }) => arn),
  });
  return { stateMachine, functions: Object.values(own) };
}
