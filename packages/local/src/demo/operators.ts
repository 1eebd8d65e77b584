import { AdminAddUserToGroupCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { LocalCloud } from '../cloud/local-cloud.ts';
import { resourceNamed } from '../program/graph.ts';

/**
 * Makes somebody who signed up one of the provider's staff, as an administrator of the account does:
 * `aws cognito-idp admin-add-user-to-group --group-name operators`. The next access token says so.
 */
export async function joinOperators(cloud: LocalCloud, email: string): Promise<void> {
  const cognito = new CognitoIdentityProviderClient({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: cloud.rootCredentials,
  });
  await cognito.send(
    new AdminAddUserToGroupCommand({
      UserPoolId: resourceNamed(cloud.graph, 'aws:cognito/userPool:UserPool', 'UsersUserPool').id,
      GroupName: 'operators',
      Username: email,
    }),
  );
  cognito.destroy();
}
