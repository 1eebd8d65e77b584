import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Part } from '@tenantry/core/reconciliation/ports';
import { tenantOfProvider } from '@tenantry/core/sso/provider-name';
import { createIdentityPool } from '../identity-pool.ts';

/**
 * The companies' identity providers. On the way the site's client is made to offer exactly these again, since a deployment that changes the client
 * puts back the list that the program knows.
 */
export async function* identityProviders(names: {
  readonly poolId: string;
  readonly clientId: string;
}): AsyncGenerator<Part> {
  const pool = createIdentityPool(new CognitoIdentityProviderClient({}), names);
  await pool.offerAll();
  for (const name of await pool.list()) {
    yield {
      resource: name,
      tenantId: tenantOfProvider(name),
      removal: {
        command: `aws cognito-idp delete-identity-provider --user-pool-id ${names.poolId} --provider-name ${name}`,
        run: () => pool.remove(name),
      },
    };
  }
}
