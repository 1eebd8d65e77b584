import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { findUser, setActiveTenant } from '@tenantry/core/identity/user';
import { findTenant, tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';
import { ownDynamo } from '../scoped/dynamo.ts';

const { CONTROL_TABLE } = readEnvironment({ CONTROL_TABLE: required });
/** The function's own role reads rows of users only; each tenant is read with credentials of its own. */
const users: Table = { client: ownDynamo(), name: CONTROL_TABLE };
const controlOf = scopedControl();

export const handler = createApi(
  'me',
  {},
  {
    getMe: async ({ actor, requestId }) => {
      const user = await findUser(users, actor.sub);
      if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
      const memberships = await Promise.all(
        user.memberships.map(async ({ tenantId, role }) => {
          const tenant = await findTenant(controlOf({ tenantId, requestId }), tenantId);
          return tenant && tenant.status !== 'deleted' ? [{ role, tenant: tenantView(tenant) }] : [];
        }),
      );
      return {
        id: user.userId,
        email: user.email,
        activeTenantId: user.activeTenantId,
        memberships: memberships.flat(),
      };
    },
    setActiveTenant: async ({ actor, body }) => {
      await setActiveTenant(users, actor.sub, body.tenantId);
      return { activeTenantId: body.tenantId };
    },
  },
);
