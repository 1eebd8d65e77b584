import { ExecutionDoesNotExist, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { suspensionActions } from '@tenantry/core/suspension/state-machine';
import { activateAgain, isSuspended, recordProblem, type SuspendedTenant } from '@tenantry/core/suspension/suspension';
import type { TenantTables } from '@tenantry/core/tenant/change';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { endTraining, findTraining } from '@tenantry/core/training/model-registry';
import { trainingExecution } from '@tenantry/core/training/state-machine';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables } from './onboarding-task.ts';
import { isTransient, RetryableError } from './retryable.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const scopeOf = createScope('tasks/suspension');
const sfn = new SFNClient({});

const inputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  changeId: z.string(),
  action: z.enum(suspensionActions),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});
type Input = z.infer<typeof inputSchema>;

/** The tenant, as long as this change is the newest. */
async function currentTenant(
  { control }: TenantTables,
  { tenantId, changeId }: Input,
): Promise<SuspendedTenant | undefined> {
  const tenant = await loadTenant(control, tenantId);
  return isSuspended(tenant) && tenant.suspension.changeId === changeId ? tenant : undefined;
}

/** A training that runs on would let a new model serve, and read data of a tenant that is not served. */
async function stopTraining(tenantId: TenantId, requestId: string): Promise<void> {
  const models = scopeOf({ tenantId, requestId })['tenant-models'].Control;
  const training = await findTraining(models, tenantId);
  if (training?.status !== 'running') return;
  const { trainingId } = training;
  const executions = TRAINING_ARN.replace(':stateMachine:', ':execution:');
  const cause = 'The company was suspended.';
  try {
    await sfn.send(
      new StopExecutionCommand({
        executionArn: `${executions}:${trainingExecution({ tenantId, trainingId })}`,
        error: 'TenantSuspended',
        cause,
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
  }
  await endTraining(models, tenantId, trainingId, new Date(), { reason: cause });
}

async function begin(tables: TenantTables, input: Input, requestId: string) {
  const tenant = await currentTenant(tables, input);
  if (!tenant) return { wanted: 'superseded', isolation: 'pool' };
  const { isolation, suspension, tenantId } = tenant;
  if (suspension.wanted === 'suspended') await stopTraining(tenantId, requestId);
  return { wanted: suspension.wanted, isolation };
}

async function activate(tables: TenantTables, input: Input) {
  const tenant = await currentTenant(tables, input);
  if (tenant?.suspension.wanted !== 'active') return {};
  try {
    await activateAgain(tables, tenant, new Date());
  } catch (error) {
    // A newer change may have come between the two, and makes this one void.
    if (await currentTenant(tables, input)) throw error;
  }
  return {};
}

async function fail({ control }: TenantTables, input: Input) {
  await recordProblem(control, input, reasonOf(input.failure ?? {}));
  return {};
}

const actions = { begin, activate, fail } as const;

/** The tasks of the suspension's state machine, but for the silo. */
export const handler = (event: unknown, context: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    try {
      const tables = lifecycleTables(scopeOf, { tenantId: input.tenantId, requestId: context.awsRequestId });
      const outcome = await actions[input.action](tables, input, context.awsRequestId);
      log.info('suspension step', { action: input.action, ...outcome });
      return outcome;
    } catch (error) {
      log.error('suspension step failed', error, { action: input.action });
      throw isTransient(error) ? new RetryableError(reasonOf({ Cause: String(error) }), { cause: error }) : error;
    }
  });
