import { CognitoIdentityProviderClient, paginateListUsers } from '@aws-sdk/client-cognito-identity-provider';

/** The ids of everybody who can sign in. */
export async function* userSubs(UserPoolId: string): AsyncGenerator<string> {
  const client = new CognitoIdentityProviderClient({});
  for await (const { Users = [] } of paginateListUsers({ client }, { UserPoolId, AttributesToGet: ['sub'] })) {
    for (const { Attributes = [] } of Users) {
      const sub = Attributes.find(({ Name }) => Name === 'sub')?.Value;
      if (sub) yield sub;
    }
  }
}
