import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { Role } from '../identity/role.ts';
import type { TenantId } from '../ids/id.ts';

/** As many as one mail goes to. */
const RECIPIENTS_MAX = 20;

const memberSchema = z.object({ role: roleSchema, email: z.string() });

/** The addresses of a company's owners, who hear of what it owes. */
export const readOwners = (control: Table, tenantId: TenantId): Promise<readonly string[]> =>
  readAddresses(control, tenantId, ['owner']);

/** The addresses of those who look after what a company has set up. */
export const readAdministrators = (control: Table, tenantId: TenantId): Promise<readonly string[]> =>
  readAddresses(control, tenantId, ['owner', 'admin']);

async function readAddresses(control: Table, tenantId: TenantId, roles: readonly Role[]): Promise<readonly string[]> {
  const { pk, sk } = controlKeys.member(tenantId, '');
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :member)',
      ExpressionAttributeValues: { ':pk': pk, ':member': sk },
      ConsistentRead: true,
    }),
  );
  return z
    .array(memberSchema)
    .parse(Items)
    .filter(({ role }) => roles.includes(role))
    .map(({ email }) => email)
    .slice(0, RECIPIENTS_MAX);
}
