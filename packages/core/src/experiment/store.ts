import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { newId, type TenantId } from '../ids/id.ts';
import { type Experiment, type ExperimentPlan, experimentSchema } from './experiment.ts';

/** Beside the rules, since both say how lists are made. */
export const experimentKey = (tenantId: TenantId) => ({ pk: `${tenantId}#RULES`, sk: 'EXPERIMENT' });

/** @throws {z.ZodError} when the row is none of ours */
export const parseExperimentRow = (row: unknown): Experiment => experimentSchema.parse(row);

/** The newest experiment of a company; null before the first. */
export async function findExperiment(table: Table, tenantId: TenantId): Promise<Experiment | null> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: experimentKey(tenantId), ConsistentRead: true }),
  );
  return Item ? parseExperimentRow(Item) : null;
}

interface Tables {
  readonly catalogue: Table;
  readonly auditTable: string;
}
interface Context {
  readonly actor: MemberActor;
  readonly at: Date;
}

/**
 * @param candidate the model that the plan compares with the one that serves, if any
 * @throws {DomainError} `conflict` while another experiment runs
 */
export async function startExperiment(
  tables: Tables,
  plan: ExperimentPlan,
  context: Context,
  candidate: Experiment['candidate'] = null,
): Promise<Experiment> {
  const before = await findExperiment(tables.catalogue, context.actor.tenantId);
  if (before && !before.endedAt) throw running();
  const experiment: Experiment = {
    experimentId: newId('experiment', context.at.getTime()),
    plan,
    startedAt: context.at.toISOString(),
    endedAt: null,
    winner: null,
    candidate,
  };
  return replace(tables, before, experiment, 'experiment.started', context);
}

/**
 * Ends the experiment that runs: everybody gets the winner from now on, or what there was before when there is none.
 * @throws {DomainError} `not_found` when none runs; `invalid_request` when the winner is none of its variants
 */
export async function endExperiment(tables: Tables, winner: string | null, context: Context): Promise<Experiment> {
  const before = endable(await findExperiment(tables.catalogue, context.actor.tenantId), winner);
  return replace(tables, before, { ...before, endedAt: context.at.toISOString(), winner }, 'experiment.ended', context);
}

/**
 * The experiment that can be ended so.
 * @throws {DomainError} `not_found` when none runs; `invalid_request` when the winner is none of its variants
 */
export function endable(experiment: Experiment | null, winner: string | null): Experiment {
  if (!experiment || experiment.endedAt) throw new DomainError('not_found', 'No experiment is running.');
  if (winner === null || experiment.plan.variants.some(({ name }) => name === winner)) return experiment;
  const message = 'must be the name of a variant';
  throw new DomainError('invalid_request', `winner: ${message}.`, { fields: [{ field: 'winner', message }] });
}

async function replace(
  { catalogue, auditTable }: Tables,
  before: Experiment | null,
  experiment: Experiment,
  action: 'experiment.started' | 'experiment.ended',
  { actor, at }: Context,
): Promise<Experiment> {
  const { experimentId, winner } = experiment;
  try {
    await catalogue.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: catalogue.name,
              Item: { ...experimentKey(actor.tenantId), ...experiment },
              ...(before
                ? {
                    ConditionExpression: 'experimentId = :before AND endedAt = :endedAt',
                    ExpressionAttributeValues: { ':before': before.experimentId, ':endedAt': before.endedAt },
                  }
                : { ConditionExpression: 'attribute_not_exists(pk)' }),
            },
          },
          auditItem(auditTable, {
            tenantId: actor.tenantId,
            actor,
            action,
            details: { experimentId, ...(winner ? { winner } : {}) },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw running(error);
    throw error;
  }
  return experiment;
}

const running = (cause?: unknown): DomainError =>
  new DomainError('conflict', 'Another experiment was started, or this one ended, at the same time.', { cause });
