import { ExecutionDoesNotExist, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { endMerge, findMerging } from '@tenantry/core/training/merging';
import { trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining } from '@tenantry/core/training/training';
import { readEnvironment, required } from '../environment.ts';

/**
 * Stops the training and the merge that are under way, if any are: they would let a new model serve, and read data of a tenant that is not
 * served. Repeating it is safe.
 */
export function trainingStopper() {
  const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
  const sfn = new SFNClient({});
  return async (models: Table, auditTable: string, tenantId: TenantId, cause: string): Promise<void> => {
    const stop = async (trainingId: string): Promise<void> => {
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
    };
    const [training, merging] = await Promise.all([findTraining(models, tenantId), findMerging(models, tenantId)]);
    if (merging?.mergeId) {
      await stop(merging.mergeId);
      await endMerge(models, tenantId, merging.mergeId, new Date(), { problem: cause });
    }
    if (training?.status !== 'running') return;
    await stop(training.trainingId);
    const tables = { control: models, auditTable };
    await endTraining(tables, tenantId, training.trainingId, new Date(), { reason: cause });
  };
}
