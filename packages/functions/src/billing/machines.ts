import type { SFNClient } from '@aws-sdk/client-sfn';
import type { BillingMachines } from '@tenantry/core/billing/machines';
import { deletionExecution } from '@tenantry/core/deletion/state-machine';
import { suspensionExecution } from '@tenantry/core/suspension/state-machine';
import { tierChangeExecution } from '@tenantry/core/tier-change/state-machine';
import { readEnvironment, required } from '../environment.ts';
import { startExecution } from '../start-execution.ts';
import { startOnboarding } from '../start-onboarding.ts';

/** The state machines by their names in the function's environment. */
export function billingMachines(sfn: SFNClient): BillingMachines {
  const { ONBOARDING_ARN, SUSPENSION_ARN, DELETION_ARN, TIER_CHANGE_ARN } = readEnvironment({
    ONBOARDING_ARN: required,
    SUSPENSION_ARN: required,
    DELETION_ARN: required,
    TIER_CHANGE_ARN: required,
  });
  return {
    onboarding: (input) => startOnboarding(sfn, ONBOARDING_ARN, input),
    suspension: (input) => startExecution(sfn, SUSPENSION_ARN, suspensionExecution(input), input),
    deletion: (input) => startExecution(sfn, DELETION_ARN, deletionExecution(input), input),
    tierChange: (input) => startExecution(sfn, TIER_CHANGE_ARN, tierChangeExecution(input), input),
  };
}
