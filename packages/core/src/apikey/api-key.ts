import { createHash, randomBytes } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import type { CallingKeyKind, KeyKind } from '../contract/route.ts';
import { keyIdSchema, keyKindSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { AnswerItem } from '../idempotency/answers.ts';
import { isTenantId, newId, type TenantId } from '../ids/id.ts';
import type { TierName } from '../tier/catalogue.ts';
import { assertBelowLimit } from '../tier/entitlements.ts';

const secretPrefix = { publishable: 'pk', secret: 'sk' } as const satisfies Record<KeyKind, string>;
const kindOf = { pk: 'publishable', sk: 'secret', probe: 'probe' } as const satisfies Record<string, CallingKeyKind>;

/** 32 random bytes; a plain hash of them cannot be guessed, so no slow hash is needed. */
const RANDOM_BYTES = 32;
const DAY_MS = 86_400_000;

const apiKeyRowSchema = z.object({
  keyId: keyIdSchema,
  name: z.string(),
  kind: keyKindSchema,
  hint: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Until when it works; for good where it is not said. */
  validUntil: z.string().optional(),
});

export interface ApiKey extends z.infer<typeof apiKeyRowSchema> {
  readonly hash: string;
}

/** @param lastUsedAt undefined when it was never used */
export const apiKeyView = (key: ApiKey, lastUsedAt?: string) => ({
  id: key.keyId,
  name: key.name,
  kind: key.kind,
  hint: key.hint,
  createdAt: key.createdAt,
  createdBy: key.createdBy,
  validUntil: key.validUntil ?? null,
  lastUsedAt: lastUsedAt ?? null,
});

/** SHA-256 in hexadecimal: what is stored instead of the key. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/**
 * A key is `<pk|sk|probe>_<ulid of the tenant>_<random>`: it names its tenant, so that looking it up reads that tenant's rows only. The
 * name carries no authority, since the hash must be among those rows.
 */
export function parseApiKey(
  key: string,
): { readonly tenantId: TenantId; readonly kind: CallingKeyKind; readonly hash: string } | undefined {
  const match = /^(pk|sk|probe)_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/.exec(key);
  if (!match) return undefined;
  const tenantId = `ten_${match[2]}`;
  if (!isTenantId(tenantId)) return undefined;
  return { tenantId, kind: kindOf[match[1] as keyof typeof kindOf], hash: hashApiKey(key) };
}

export const parseApiKeyRow = (row: Record<string, unknown>): ApiKey => ({
  ...apiKeyRowSchema.parse(row),
  hash: String(row.sk).slice('APIKEY#'.length),
});

/** Oldest first. A tenant has few, by its tier's limit, so one page holds them. */
export async function listApiKeys(control: Table, tenantId: TenantId): Promise<readonly ApiKey[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.apiKey(tenantId, '').pk, ':prefix': 'APIKEY#' },
      ConsistentRead: true,
    }),
  );
  return Items.map(parseApiKeyRow).sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

export interface MadeApiKey {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

/**
 * @returns the key and its secret, which is not stored with it and so never shown again.
 * @throws {DomainError} `limit_reached`
 */
export async function createApiKey(
  tables: { readonly control: Table; readonly auditTable: string },
  request: {
    readonly name: string;
    readonly kind: KeyKind;
    readonly tier: TierName;
    readonly validDays?: number | undefined;
  },
  context: {
    readonly actor: MemberActor;
    readonly at: Date;
    /** Keeps what was made where whoever asks again finds it. */
    readonly remember?: (made: MadeApiKey) => readonly AnswerItem[];
  },
): Promise<MadeApiKey> {
  const { actor, at, remember } = context;
  const existing = await listApiKeys(tables.control, actor.tenantId);
  assertBelowLimit(request.tier, 'apiKeys', existing.length);
  const random = randomBytes(RANDOM_BYTES).toString('base64url');
  const secret = `${secretPrefix[request.kind]}_${actor.tenantId.slice('ten_'.length)}_${random}`;
  const apiKey: ApiKey = {
    keyId: newId('apiKey', at.getTime()),
    name: request.name,
    kind: request.kind,
    hint: `${secretPrefix[request.kind]}_…${random.slice(-4)}`,
    createdAt: at.toISOString(),
    createdBy: actor.userId,
    ...(request.validDays === undefined
      ? {}
      : { validUntil: new Date(at.getTime() + request.validDays * DAY_MS).toISOString() }),
    hash: hashApiKey(secret),
  };
  const { hash, ...row } = apiKey;
  await tables.control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: tables.control.name,
            Item: { ...controlKeys.apiKey(actor.tenantId, hash), ...row },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        auditItem(tables.auditTable, {
          tenantId: actor.tenantId,
          actor,
          action: 'apiKey.created',
          details: { keyId: apiKey.keyId, kind: apiKey.kind },
          at,
        }),
        ...(remember?.({ apiKey, secret }) ?? []),
      ],
    }),
  );
  return { apiKey, secret };
}

/** @throws {DomainError} `not_found` */
export async function revokeApiKey(
  tables: { readonly control: Table; readonly auditTable: string },
  keyId: string,
  context: { readonly actor: MemberActor; readonly at: Date },
): Promise<void> {
  const { actor, at } = context;
  const missing = new DomainError('not_found', 'There is no such API key.');
  const key = (await listApiKeys(tables.control, actor.tenantId)).find((candidate) => candidate.keyId === keyId);
  if (!key) throw missing;
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Delete: {
              TableName: tables.control.name,
              Key: controlKeys.apiKey(actor.tenantId, key.hash),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
          auditItem(tables.auditTable, {
            tenantId: actor.tenantId,
            actor,
            action: 'apiKey.revoked',
            details: { keyId },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    throw cancellationCodes(error) ? missing : error;
  }
}
