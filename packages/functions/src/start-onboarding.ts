import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionName, type OnboardingInput } from '@tenantry/core/provisioning/onboarding';

/** Starts a run of a tenant's onboarding; a run that was started before is left as it is. */
export async function startOnboarding(sfn: SFNClient, stateMachineArn: string, input: OnboardingInput): Promise<void> {
  try {
    await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: executionName(input), input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
