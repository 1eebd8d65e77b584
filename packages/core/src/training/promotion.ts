import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import type { Comparison, DataWindow, intervalSchema } from '../contract/models.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { mergeLostBefore } from './merging.ts';
import { modelKey, type RegisteredModel, type Serving, servingKey } from './model-registry.ts';

/**
 * Names the model in the object that every recommender of the tenant looks at.
 * @param before what served until now; a recommender that cannot take the new one serves it
 */
export async function pointTo(
  models: { readonly client: S3Client; readonly bucket: string },
  tenantId: TenantId,
  { version, sha256 }: Pick<RegisteredModel, 'version' | 'sha256'>,
  before: Pick<RegisteredModel, 'version' | 'sha256'> | undefined,
  at: Date,
): Promise<void> {
  const previous = before && before.version !== version && { version: before.version, sha256: before.sha256 };
  const serving: Serving = {
    version,
    key: modelKey(tenantId, version),
    sha256,
    promotedAt: at.toISOString(),
    ...(previous ? { previous } : {}),
  };
  await models.client.send(
    new PutObjectCommand({
      Bucket: models.bucket,
      Key: servingKey(tenantId),
      Body: JSON.stringify(serving),
      ContentType: 'application/json',
    }),
  );
}

/** What two models came to when they were asked the same; times in seconds, shares from 0 to 1. */
export interface Asked extends Pick<Comparison, 'queries' | 'onlyCandidate' | 'onlyServing'> {
  readonly window: { readonly from: number; readonly to: number };
  readonly candidate: number;
  readonly serving: number;
  readonly difference: z.infer<typeof intervalSchema>;
}

/**
 * The gate: a new model is worse than the one that serves when it found less of what shoppers chose next, by more than chance explains.
 * Both were asked the same, about sessions that neither was trained on.
 * @param asked nothing where there was too little to ask, so that nothing can be said against the new model
 */
export function judge(against: string, asked: Asked | undefined): Comparison {
  if (!asked) {
    return {
      outcome: 'tooFew',
      against,
      queries: 0,
      window: null,
      candidate: null,
      serving: null,
      onlyCandidate: 0,
      onlyServing: 0,
      difference: null,
    };
  }
  return {
    ...asked,
    outcome: asked.difference.high < 0 ? 'worse' : 'notWorse',
    against,
    window: windowOf(asked.window),
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** @param seconds since the epoch */
export const windowOf = ({ from, to }: Asked['window']): DataWindow => ({ from: iso(from), to: iso(to) });

/** Why a model must not serve, as people are told; undefined when it may. */
export function gateRefusal({ comparison }: Pick<RegisteredModel, 'comparison'>): string | undefined {
  if (comparison?.outcome !== 'worse') return undefined;
  const { candidate, serving, queries } = comparison;
  const percent = (share: number | null): string => `${((share ?? 0) * 100).toFixed(1)} %`;
  return `The new model is worse than the one that serves: of ${queries} times that both were asked, what came next was among its first 20 in ${percent(candidate)}, and in ${percent(serving)} of the other. The old one goes on serving.`;
}

/**
 * Notes that a model that was trained before serves from now on, together with its audit entry. Doing so again changes nothing but the log.
 * @throws {DomainError} `conflict` while a training or a merge runs, which would decide the same
 */
export async function noteServing(
  tables: { readonly control: Table; readonly auditTable: string },
  version: string,
  { actor, at }: { readonly actor: MemberActor; readonly at: Date },
): Promise<void> {
  const { tenantId } = actor;
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: tables.control.name,
              Key: controlKeys.training(tenantId),
              UpdateExpression: 'SET servingVersion = :version',
              ConditionExpression:
                'attribute_exists(pk) AND #status <> :running AND (attribute_not_exists(mergeId) OR mergeStartedAt < :lost)',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':version': version, ':running': 'running', ':lost': mergeLostBefore(at) },
            },
          },
          auditItem(tables.auditTable, { tenantId, actor, action: 'model.served', details: { version }, at }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw error;
    throw new DomainError(
      'conflict',
      'A training is running, or newer events are being added, which decides which model serves; wait until it ends.',
      {
        cause: error,
      },
    );
  }
}
