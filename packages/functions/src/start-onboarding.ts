import type { SFNClient } from '@aws-sdk/client-sfn';
import { executionName, type OnboardingInput } from '@tenantry/core/provisioning/onboarding';
import { startExecution } from './start-execution.ts';

/** Starts a run of a tenant's onboarding; a run that was started before is left as it is. */
export const startOnboarding = (sfn: SFNClient, stateMachineArn: string, input: OnboardingInput): Promise<void> =>
  startExecution(sfn, stateMachineArn, executionName(input), input);
