import { createHash } from 'node:crypto';
import { DeleteCommand, GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { auditItem } from '../audit/audit.ts';
import { controlKeys, statusIndex } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import type { TenantTables } from '../tenant/change.ts';
import {
  type Certificate,
  certificateSchema,
  type Found,
  foundSchema,
  keptKinds,
  type Statement,
} from './certificate-schema.ts';
import type { DeactivatingTenant } from './deactivation.ts';

/** The text that a certificate's hash is of. */
export const certifiedText = (statement: object): string => canonicalJson(statement);

/** SHA-256 of the text, in hexadecimal. */
export const hashOf = (statement: object): string =>
  createHash('sha256').update(certifiedText(statement)).digest('hex');

const rowSchema = z.object({ countedAt: z.string(), found: foundSchema, certificate: certificateSchema.optional() });

async function findRow(control: Table, tenantId: TenantId) {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.certificate(tenantId), ConsistentRead: true }),
  );
  return Item && rowSchema.parse(Item);
}

/** Remembers what there is before the first of it is erased; a later count, of what is left, does not replace it. */
export async function saveFound(control: Table, tenantId: TenantId, found: Found, at: Date): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.certificate(tenantId),
        UpdateExpression: 'SET countedAt = :at, #found = :found',
        ConditionExpression: 'attribute_not_exists(pk)',
        ExpressionAttributeNames: { '#found': 'found' },
        ExpressionAttributeValues: { ':at': at.toISOString(), ':found': found },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

/** @throws {DomainError} `not_found` while there is none */
export async function readCertificate(control: Table, tenantId: TenantId): Promise<Certificate> {
  const row = await findRow(control, tenantId);
  if (!row?.certificate) throw new DomainError('not_found', 'There is no certificate of a deletion.');
  return row.certificate;
}

/**
 * `deactivating` → `deleted`: issues the certificate, frees the slug, and leaves of the tenant only its id, its times and its tier.
 * @param tables.slugs reaches rows of slugs
 * @throws {DomainError} `conflict` when there is a newer change
 */
export async function completeDeletion(
  tables: TenantTables & { readonly slugs: Table },
  tenant: DeactivatingTenant,
  at: Date,
): Promise<Certificate> {
  const { control } = tables;
  const { tenantId, deactivation, slug } = tenant;
  const row = await findRow(control, tenantId);
  if (!row) throw new Error('Nothing was counted before the deletion.');
  const statement: Statement = {
    tenantId,
    requestedAt: deactivation.since,
    countedAt: row.countedAt,
    completedAt: at.toISOString(),
    deleted: row.found,
    remaining: 0,
    kept: [...keptKinds],
  };
  const certificate: Certificate = {
    ...statement,
    sha256: hashOf(statement),
  };
  await freeSlug(tables.slugs, tenantId, slug);
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.certificate(tenantId),
              UpdateExpression: 'SET certificate = :certificate',
              ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(certificate)',
              ExpressionAttributeValues: { ':certificate': certificate },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.tenant(tenantId),
              UpdateExpression: [
                'SET #status = :deleted, gsi1pk = :gsi1pk, changedAt = :at, #name = :nobody, slug = :nothing, createdBy = :nothing',
                'REMOVE deactivation, suspension, migration, compensation, siloEndpoint, siloAccessToken,',
                'siloVersion, rollout, tierChanges, onboardedTo',
              ].join(' '),
              ConditionExpression: '#status = :deactivating AND deactivation.changeId = :change',
              ExpressionAttributeNames: { '#status': 'status', '#name': 'name' },
              ExpressionAttributeValues: {
                ':deleted': 'deleted',
                ':gsi1pk': statusIndex.key('deleted', '').gsi1pk,
                ':at': at.toISOString(),
                ':nobody': 'Deleted company',
                ':nothing': '',
                ':deactivating': 'deactivating',
                ':change': deactivation.changeId,
              },
            },
          },
          auditItem(tables.auditTable, {
            tenantId,
            actor: { kind: 'system', name: 'deletion' },
            action: 'tenant.deleted',
            details: { sha256: certificate.sha256 },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw new DomainError('conflict', 'Somebody else changed the company at the same time.', { cause: error });
  }
  return certificate;
}

/** Gives the slug back, unless it is somebody else's. */
async function freeSlug(slugs: Table, tenantId: TenantId, slug: string): Promise<void> {
  const { client, name } = slugs;
  const Key = controlKeys.slug(slug);
  try {
    await client.send(
      new DeleteCommand({
        TableName: name,
        Key,
        ConditionExpression: 'tenantId = :tenantId',
        ExpressionAttributeValues: { ':tenantId': tenantId },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
