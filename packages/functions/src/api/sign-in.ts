import { signInOf } from '@tenantry/core/sso/sign-in';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('api/sign-in');

export const handler = createApi('sign-in', undefined, {
  findSignIn: ({ body }) => signInOf(control, body.domain),
});
