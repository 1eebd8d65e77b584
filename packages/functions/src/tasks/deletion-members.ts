import {
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { isBeingDeletedBy } from '@tenantry/core/deletion/deactivation';
import { countLoginsLost, type Logins, listMembers, releaseMember } from '@tenantry/core/deletion/members';
import { deletionActions } from '@tenantry/core/deletion/state-machine';
import { endSso } from '@tenantry/core/sso/ending';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createIdentityPool } from '../identity-pool.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const {
  USER_POOL_ID: UserPoolId,
  OPERATORS_GROUP,
  CLIENT_ID,
} = readEnvironment({
  USER_POOL_ID: required,
  OPERATORS_GROUP: required,
  CLIENT_ID: required,
});
/** The function's own role reaches the rows of users; those of the tenant are reached with its credentials. */
const { Control: users } = ownTables('tasks/deletion-members');
const scopeOf = createScope('tasks/deletion-members');
const pool = new CognitoIdentityProviderClient({});
const identities = createIdentityPool(pool, { poolId: UserPoolId, clientId: CLIENT_ID });

const logins: Logins = {
  async isStaff(Username) {
    try {
      const { Groups = [] } = await pool.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }));
      return Groups.some(({ GroupName }) => GroupName === OPERATORS_GROUP);
    } catch (error) {
      if (error instanceof UserNotFoundException) return false;
      throw error;
    }
  },
  async remove(Username) {
    try {
      await pool.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
    }
  },
};

const inputSchema = z.object({ ...changeInput, action: z.enum(deletionActions['deletion-members']) });

/** Ends the single sign-on of a tenant, lets its members go, and deletes the logins of those who belong to no other. */
export const handler = tenantTask('deletion of members', inputSchema, async (input, requestId) => {
  const { tenantId, changeId, action } = input;
  const registry = scopeOf({ tenantId, requestId })['tenant-members-erasure'].Control;
  const tenant = await loadTenant(registry, tenantId);
  if (!isBeingDeletedBy(tenant, changeId)) throw new Error('The company is not being deleted by this change.');
  const members = await listMembers(registry, tenantId);
  if (action === 'count') {
    return { members: members.length, logins: await countLoginsLost(users, logins, tenantId, members) };
  }
  await endSso({ owned: users, registry }, identities, tenantId);
  for (const member of members) await releaseMember({ users, registry }, logins, tenantId, member);
  return { members: members.length };
});
