import { ExecutionDoesNotExist, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining } from '@tenantry/core/training/training';
import { readEnvironment, required } from '../environment.ts';

/**
 * Stops the training that is under way, if one is: it would let a new model serve, and read data of a tenant that is not
 * served. Repeating it is safe.
 */
export function trainingStopper() {
  const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
  const sfn = new SFNClient({});
  return async (models: Table, auditTable: string, tenantId: TenantId, cause: string): Promise<void> => {
    const training = await findTraining(models, tenantId);
    if (training?.status !== 'running') return;
    const { trainingId } = training;
    const executions = TRAINING_ARN.replace(':stateMachine:', ':execution:');
    try {
      await sfn.send(
        new StopExecutionCommand({
          executionArn: `${executions}:${trainingExecution({ tenantId, trainingId })}`,
          error: 'TenantNotServed',
          cause,
        }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
    await endTraining({ control: models, auditTable }, tenantId, trainingId, new Date(), { reason: cause });
  };
}
