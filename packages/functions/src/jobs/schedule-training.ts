import { SFNClient } from '@aws-sdk/client-sfn';
import { comparesModels } from '@tenantry/core/experiment/experiment';
import { findExperiment } from '@tenantry/core/experiment/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import { servedStatuses } from '@tenantry/core/tenant/status';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { endMerge, findMerging, startMerge } from '@tenantry/core/training/merging';
import { type Plan, planFor, startable } from '@tenantry/core/training/schedule';
import { type TrainingInput, trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining, startTraining } from '@tenantry/core/training/training';
import { readArchivedEvents } from '@tenantry/core/usage/activity';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { startExecution } from '../start-execution.ts';
import { asJob } from './as-job.ts';
import { forEachTenant } from './each-tenant.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const { Control: all } = ownTables('jobs/schedule-training');
const scopeOf = createScope('jobs/schedule-training');
const sfn = new SFNClient({});

interface Seen {
  readonly tenantId: TenantId;
  readonly archived: number;
  readonly plan: Plan;
}

const inputSchema = z.object({
  /** Looks at this company alone. */
  only: z.string().optional(),
});

async function* matching(tenants: AsyncIterable<Tenant>, only: string | undefined): AsyncGenerator<Tenant> {
  for await (const tenant of tenants) if (only === undefined || tenant.tenantId === only) yield tenant;
}

/** Starts the trainings and the merges that are due, within bounds. Whom it does not get to comes next time. */
export const handler = asJob(
  all,
  'schedule-training',
  (event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }) =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const requestId = context.awsRequestId;
      const timeIsUp = (): boolean => context.getRemainingTimeInMillis() < 60_000;
      const onFailure = (error: unknown, { tenantId }: { tenantId: TenantId }) =>
        log.error('training not scheduled', error, { tenantId });
      const { only } = inputSchema.parse(event ?? {});
      const seen: Seen[] = [];
      const looked = await forEachTenant(matching(tenantsIn(all, servedStatuses), only), {
        timeIsUp,
        onFailure,
        work: async (tenantId, { tier }) => {
          const scope = scopeOf({ tenantId, requestId });
          const { Control } = scope['tenant-models'];
          const [training, merging, archived, experiment] = await Promise.all([
            findTraining(Control, tenantId),
            findMerging(Control, tenantId),
            readArchivedEvents(scope['tenant-usage'].Usage, tenantId),
            findExperiment(scope['tenant-rules'].Catalogue, tenantId),
          ]);
          const known = { training, merging, archived, comparing: comparesModels(experiment) };
          seen.push({ tenantId, archived, plan: planFor(tenantId, tierCatalogue[tier].training, known, new Date()) });
        },
      });
      const started = { training: 0, merge: 0 };
      const start = async (tenantId: TenantId, { plan: { kind }, archived }: Seen): Promise<void> => {
        if (kind !== 'training' && kind !== 'merge') return;
        const { Control, Audit } = scopeOf({ tenantId, requestId })['tenant-models'];
        const tables = { control: Control, auditTable: Audit.name };
        if (await (kind === 'training' ? train : merge)(tables, tenantId, archived)) started[kind] += 1;
      };
      const { failed } = await forEachTenant(eachOf(startable(seen)), { timeIsUp, onFailure, work: start });
      const tally = { ...started, failed: failed + looked.failed, left: looked.left };
      log.info('trainings scheduled', tally);
      return tally;
    }),
);

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

type Tables = Parameters<typeof endTraining>[0];

async function train(tables: Tables, tenantId: TenantId, archivedEvents: number): Promise<boolean> {
  const at = new Date();
  const input: TrainingInput = { tenantId, trainingId: newId('model', at.getTime()) };
  await startTraining(tables.control, tenantId, input.trainingId, at, { startedBy: 'schedule', archivedEvents });
  try {
    await startExecution(sfn, TRAINING_ARN, trainingExecution(input), input);
  } catch (error) {
    await endTraining(tables, tenantId, input.trainingId, at, { reason: 'The training could not be started.' });
    throw error;
  }
  return true;
}

async function merge({ control }: Tables, tenantId: TenantId, archivedEvents: number): Promise<boolean> {
  const at = new Date();
  const input: TrainingInput = { tenantId, trainingId: newId('model', at.getTime()), kind: 'merge' };
  if (!(await startMerge(control, tenantId, input.trainingId, { at, archivedEvents }))) return false;
  try {
    await startExecution(sfn, TRAINING_ARN, trainingExecution(input), input);
  } catch (error) {
    await endMerge(control, tenantId, input.trainingId, at, { problem: 'The merge could not be started.' });
    throw error;
  }
  return true;
}
