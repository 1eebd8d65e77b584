import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type TrainingRun, trainingRunSchema } from '../contract/models.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

const LISTED_MAX = 100;

/** Trainings that have ended, newest first, the last 100. */
export async function listTrainings(control: Table, tenantId: TenantId): Promise<readonly TrainingRun[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.trainingRun(tenantId, '').pk, ':prefix': 'RUN#' },
      ScanIndexForward: false,
      Limit: LISTED_MAX,
      ConsistentRead: true,
    }),
  );
  return z.array(trainingRunSchema).parse(Items);
}

const DAY_MS = 86_400_000;

/** Trainings of the last day that somebody asked for and that came to a model: what the tier limits. */
export const askedForToday = (runs: readonly TrainingRun[], now: Date): number =>
  runs.filter(
    ({ startedBy, status, startedAt }) =>
      startedBy === 'hand' && status !== 'failed' && Date.parse(startedAt) > now.getTime() - DAY_MS,
  ).length;
