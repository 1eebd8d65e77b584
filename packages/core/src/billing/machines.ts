import type { DeletionInput } from '../deletion/state-machine.ts';
import type { OnboardingInput } from '../provisioning/onboarding.ts';
import type { SuspensionInput } from '../suspension/state-machine.ts';
import type { TierChangeInput } from '../tier-change/state-machine.ts';

/** Starts the state machines that a company's billing leads to. An execution that was started before is left as it is. */
export interface BillingMachines {
  onboarding(input: OnboardingInput): Promise<void>;
  suspension(input: SuspensionInput): Promise<void>;
  deletion(input: DeletionInput): Promise<void>;
  tierChange(input: TierChangeInput): Promise<void>;
}
