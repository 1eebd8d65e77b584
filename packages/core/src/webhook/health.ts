import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Webhook } from './endpoint.ts';

/** An endpoint that has taken nothing for as long is switched off. */
const FAILING_DAYS_MAX = 5;
const DAY_MS = 86_400_000;

/** Whether an endpoint has failed for so long that nobody looks after it any more. */
export const isDead = ({ failingSince }: Webhook, at: Date): boolean =>
  failingSince !== undefined && at.getTime() - Date.parse(failingSince) >= FAILING_DAYS_MAX * DAY_MS;

/** Changes one mark of an endpoint, unless it is gone. */
async function mark(
  control: Table,
  tenantId: TenantId,
  webhookId: string,
  update: { readonly UpdateExpression: string; readonly ExpressionAttributeValues?: Record<string, string> },
  condition: string,
): Promise<void> {
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.webhook(tenantId, webhookId),
        ConditionExpression: `attribute_exists(pk) AND ${condition}`,
        ...update,
      }),
    ),
  );
}

/** Remembers since when an endpoint fails, or that it does no more. */
export async function noteHealth(
  control: Table,
  tenantId: TenantId,
  { webhookId, failingSince }: Webhook,
  succeeded: boolean,
  at: Date,
): Promise<void> {
  if (succeeded === (failingSince === undefined)) return;
  const update = succeeded
    ? { UpdateExpression: 'REMOVE failingSince' }
    : { UpdateExpression: 'SET failingSince = :at', ExpressionAttributeValues: { ':at': at.toISOString() } };
  const condition = succeeded ? 'attribute_exists(failingSince)' : 'attribute_not_exists(failingSince)';
  await mark(control, tenantId, webhookId, update, condition);
}

/** Notes that the company was told. */
export const noteMailed = (control: Table, tenantId: TenantId, webhookId: string): Promise<void> =>
  mark(control, tenantId, webhookId, { UpdateExpression: 'REMOVE mailDue' }, 'attribute_exists(mailDue)');
