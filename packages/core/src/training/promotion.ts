import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { difference } from '../experiment/statistics.ts';
import type { TenantId } from '../ids/id.ts';
import { modelKey, type RegisteredModel, type Serving, servingKey } from './model-registry.ts';

/** Names the model in the object that every recommender of the tenant looks at. */
export async function pointTo(
  models: { readonly client: S3Client; readonly bucket: string },
  tenantId: TenantId,
  { version, sha256 }: RegisteredModel,
  at: Date,
): Promise<void> {
  const serving: Serving = { version, key: modelKey(tenantId, version), sha256, promotedAt: at.toISOString() };
  await models.client.send(
    new PutObjectCommand({
      Bucket: models.bucket,
      Key: servingKey(tenantId),
      Body: JSON.stringify(serving),
      ContentType: 'application/json',
    }),
  );
}

/**
 * Why a new model must not take the place of the one that serves: it found less of what shoppers chose next, by more than chance explains.
 * Each was asked about sessions that it did not know; of a model without such a measure nothing can be said against it.
 * @returns a sentence, or undefined when nothing is wrong
 */
export function gateRefusal(candidate: RegisteredModel, serving: RegisteredModel | undefined): string | undefined {
  if (!candidate.quality || !serving?.quality) return undefined;
  const [now, before] = [candidate.quality, serving.quality];
  const proportion = ({ hr20, queries }: typeof now) => ({ successes: hr20 * queries, trials: queries });
  const { high } = difference(proportion(before), proportion(now));
  if (high >= 0) return undefined;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return `The new model is worse than the one that serves: what came next was among its first 20 in ${percent(now.hr20)} of ${now.queries} cases, and in ${percent(before.hr20)} of ${before.queries} before. The old one goes on serving.`;
}

/**
 * Notes that a model that was trained before serves from now on, together with its audit entry. Doing so again changes nothing but the log.
 * @throws {DomainError} `conflict` while a training runs, which would decide the same
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
              ConditionExpression: 'attribute_exists(pk) AND #status <> :running',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':version': version, ':running': 'running' },
            },
          },
          auditItem(tables.auditTable, { tenantId, actor, action: 'model.served', details: { version }, at }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw error;
    throw new DomainError('conflict', 'A training is running, which decides which model serves; wait until it ends.', {
      cause: error,
    });
  }
}
