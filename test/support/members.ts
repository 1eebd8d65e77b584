import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import type { Role } from '@tenantry/core/identity/role';
import { isTenantId } from '@tenantry/core/ids/id';
import type { Person } from '@tenantry/local/demo/journey';
import { claimsOf } from './pool-token.ts';
import { rootClient, tableName } from './rows.ts';
import type { TestCloud } from './test-cloud.ts';

/** Makes somebody a member of a company, as an accepted invitation would. */
export async function join(test: TestCloud, person: Person, tenantId: string, role: Role): Promise<void> {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
  const { sub, userId } = claimsOf(person.accessToken);
  const member = { tenantId, role, joinedAt: new Date().toISOString() };
  const put = (Item: Record<string, unknown>) =>
    rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, 'Control'), Item }));
  await put({ ...controlKeys.member(tenantId, String(userId)), ...member, sub, email: person.email });
  await put({ ...controlKeys.membership(String(sub), tenantId), ...member });
}

/** The token in the newest invitation that was mailed to an address. */
export async function invitationTokenFor({ instance }: TestCloud, email: string): Promise<string> {
  const response = await fetch(`${instance.inboxUrl}/api/messages?to=${encodeURIComponent(email)}`);
  const token = /\/invitation#(inv_[\w-]+)/.exec(JSON.stringify(await response.json()))?.[1];
  if (!token) throw new Error(`No invitation has arrived for ${email}.`);
  return token;
}
