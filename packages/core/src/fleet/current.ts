import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { ulidPattern } from '../ids/id.ts';

export const rolloutIdSchema = z.templateLiteral(['rol_', z.string().regex(ulidPattern)], 'must be a rollout id');

const fleetRowSchema = z.object({
  /** Absent until the first rollout. */
  version: z.string().optional(),
  /** The rollout that is under way; there is one at most. */
  rolloutId: rolloutIdSchema.optional(),
  /** The rollout that brought the version. */
  broughtBy: rolloutIdSchema.optional(),
});
export type Fleet = z.infer<typeof fleetRowSchema> & { readonly version: string };

/** What the silos run. @param initial the version of a stage that had no rollout yet */
export async function readFleet(control: Table, initial: string): Promise<Fleet> {
  const { Item = {} } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.fleet(), ConsistentRead: true }),
  );
  const row = fleetRowSchema.parse(Item);
  return { ...row, version: row.version ?? initial };
}
