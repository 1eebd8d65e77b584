import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys, slugIndex } from '../../control/keys.ts';
import type { Table } from '../../control/table.ts';
import { isTenantId, type TenantId } from '../../ids/id.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import { deletionCommand, putCommand, readItem, unlessChanged } from '../item.ts';
import type { Look } from '../look.ts';

const rowSchema = z.object({ gsi1sk: z.string(), tenantId: z.custom<TenantId>(isTenantId) });

async function takenSlugs(control: Table): Promise<ReadonlyMap<string, TenantId>> {
  const slugs = new Map<string, TenantId>();
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        IndexName: slugIndex.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': slugIndex.key('').gsi1pk },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const { gsi1sk, tenantId } of z.array(rowSchema).parse(Items)) slugs.set(gsi1sk, tenantId);
    from = LastEvaluatedKey;
  } while (from);
  return slugs;
}

const ownerOf = async (control: Table, slug: string): Promise<unknown> =>
  (await readItem(control, controlKeys.slug(slug)))?.tenantId;

/** Slugs that nobody has any more and nobody else can take, and tenants whose slug somebody else could take. */
export async function checkSlugs(look: Look): Promise<readonly Drift[]> {
  const { control, tenants } = look;
  const slugs = await takenSlugs(control);
  look.count('slug', slugs.size);
  const drifts: Drift[] = [];

  for (const [slug, tenantId] of slugs) {
    const tenant = tenants.get(tenantId);
    if (tenant?.slug === slug && expectedOf(tenant).slug !== 'none') continue;
    const { pk, sk } = controlKeys.slug(slug);
    drifts.push({
      kind: 'slug',
      resource: slug,
      tenantId,
      problem: 'The slug is taken by a company that does not have it.',
      remedy: {
        command: deletionCommand(control, { pk, sk }),
        run: () =>
          unlessChanged(
            control.client.send(
              new DeleteCommand({
                TableName: control.name,
                Key: { pk, sk },
                ConditionExpression: 'tenantId = :tenantId',
                ExpressionAttributeValues: { ':tenantId': tenantId },
              }),
            ),
          ),
      },
      holds: async (now) =>
        (now?.slug !== slug || expectedOf(now).slug === 'none') && (await ownerOf(control, slug)) === tenantId,
    });
  }

  for (const tenant of tenants.values()) {
    const { tenantId, slug } = tenant;
    if (expectedOf(tenant).slug !== 'must' || slugs.get(slug) === tenantId) continue;
    const Item = { ...controlKeys.slug(slug), ...slugIndex.key(slug), tenantId };
    drifts.push({
      kind: 'slug',
      resource: slug,
      tenantId,
      problem: 'The slug of the company is not kept for it.',
      remedy: {
        command: putCommand(control, Item),
        run: () =>
          unlessChanged(
            control.client.send(
              new PutCommand({ TableName: control.name, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
            ),
          ),
      },
      holds: async (now) =>
        now?.slug === slug && expectedOf(now).slug === 'must' && (await ownerOf(control, slug)) !== tenantId,
    });
  }
  return drifts;
}
