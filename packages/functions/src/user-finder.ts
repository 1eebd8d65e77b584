import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';

/** Finds users of the pool by what people know of them. */
export function createUserFinder(UserPoolId: string) {
  const client = new CognitoIdentityProviderClient({});
  return {
    /** @param email whole, and without quotes or backslashes @returns the pool's id of the user; undefined when there is none */
    async subOf(email: string): Promise<string | undefined> {
      const { Users = [] } = await client.send(
        new ListUsersCommand({ UserPoolId, Filter: `email = "${email}"`, AttributesToGet: ['sub'], Limit: 1 }),
      );
      return Users[0]?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
    },
  };
}
