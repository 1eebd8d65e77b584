import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CLIENT_ID, type Lab, PASSWORD, POOL_ID } from './lab.ts';

let serial = 0;

/** An address that no other test uses. */
export function freshEmail(): string {
  serial += 1;
  return `person${serial}@example.com`;
}

export function setPassword({ sdk }: Lab, email: string, password: string, permanent = true) {
  return sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: email, Password: password, Permanent: permanent }),
  );
}

/** A user with a verified address and `PASSWORD`, who got no mail. */
export async function confirmedUser(lab: Lab): Promise<{ email: string; sub: string }> {
  const email = freshEmail();
  const created = await lab.sdk.send(
    new AdminCreateUserCommand({
      UserPoolId: POOL_ID,
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  await setPassword(lab, email, PASSWORD);
  return { email, sub: created.User?.Username ?? '' };
}

export function signUp(
  { sdk }: Lab,
  email: string,
  password = PASSWORD,
  attributes: { Name: string; Value: string }[] = [],
) {
  return sdk.send(
    new SignUpCommand({ ClientId: CLIENT_ID, Username: email, Password: password, UserAttributes: attributes }),
  );
}

export function signIn({ sdk }: Lab, email: string, password = PASSWORD) {
  return sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
}

export function refresh({ sdk }: Lab, token: string | undefined) {
  return sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { REFRESH_TOKEN: token ?? '' },
    }),
  );
}
