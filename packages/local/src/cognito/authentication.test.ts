import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, POOL_ID } from './testing/lab.ts';
import { confirmedUser, freshEmail, refresh, setPassword, signIn } from './testing/people.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

describe('signing in', () => {
  test('a wrong password and an unknown user give the same error', async () => {
    const { email } = await confirmedUser(lab);
    const errors = await Promise.all(
      [signIn(lab, email, 'Wrong-horse-1'), signIn(lab, freshEmail())].map((attempt) =>
        attempt.catch((error: Error) => error),
      ),
    );
    const [wrong, unknown] = errors.map((error) => error instanceof Error && [error.name, error.message]);
    expect(wrong).toEqual(['NotAuthorizedException', 'Incorrect username or password.']);
    expect(unknown).toEqual(wrong);
  });

  test('five wrong passwords lock the user for a moment, even against the right one', async () => {
    const { email } = await confirmedUser(lab);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await expect(signIn(lab, email, 'Wrong-horse-1')).rejects.toThrow();
    await expect(signIn(lab, email)).rejects.toThrow('Password attempts exceeded');
    lab.now += 1_000;
    await signIn(lab, email);
  });

  test('a disabled user neither signs in nor refreshes nor calls with an access token', async () => {
    const { email } = await confirmedUser(lab);
    const { AuthenticationResult: tokens } = await signIn(lab, email);
    await lab.sdk.send(new AdminDisableUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(signIn(lab, email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(refresh(lab, tokens?.RefreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(lab.sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await lab.sdk.send(new AdminEnableUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await signIn(lab, email);
  });

  test('signing out everywhere ends refresh and access tokens of every sign-in', async () => {
    const { email } = await confirmedUser(lab);
    const [first, second] = [await signIn(lab, email), await signIn(lab, email)];
    await lab.sdk.send(new GlobalSignOutCommand({ AccessToken: first.AuthenticationResult?.AccessToken }));
    for (const { AuthenticationResult } of [first, second]) {
      await expect(refresh(lab, AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
      await expect(
        lab.sdk.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken })),
      ).rejects.toThrow('revoked');
    }
    const third = await signIn(lab, email);
    await lab.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(refresh(lab, third.AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
  });

  test('a refresh keeps the sign-in it belongs to, and revoking ends only that one', async () => {
    const { email } = await confirmedUser(lab);
    const [one, other] = [await signIn(lab, email), await signIn(lab, email)];
    lab.now += 60_000;
    const again = await refresh(lab, one.AuthenticationResult?.RefreshToken);
    expect(again.AuthenticationResult?.RefreshToken).toBeUndefined();
    const [before, after] = [one, again].map((result) => claimsOf(result.AuthenticationResult?.AccessToken));
    expect(after?.origin_jti).toBe(before?.origin_jti);
    expect(after?.auth_time).toBe(before?.auth_time);
    expect(after?.jti).not.toBe(before?.jti);
    await lab.sdk.send(new RevokeTokenCommand({ ClientId: CLIENT_ID, Token: one.AuthenticationResult?.RefreshToken }));
    await expect(refresh(lab, one.AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
    await refresh(lab, other.AuthenticationResult?.RefreshToken);
  });

  test('refresh tokens and access tokens end when the client says', async () => {
    const { email } = await confirmedUser(lab);
    const { AuthenticationResult: tokens } = await signIn(lab, email);
    lab.now += 60 * 60_000 + 1_000;
    await expect(lab.sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))).rejects.toThrow('expired');
    lab.now += 30 * 86_400_000;
    await expect(refresh(lab, tokens?.RefreshToken)).rejects.toThrow('expired');
  });

  test('a temporary password must be replaced, and expires after a week', async () => {
    const { email } = await confirmedUser(lab);
    await setPassword(lab, email, 'Temporary-1234', false);
    const challenge = await signIn(lab, email, 'Temporary-1234');
    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const answer = (password: string) =>
      lab.sdk.send(
        new RespondToAuthChallengeCommand({
          ClientId: CLIENT_ID,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: challenge.Session,
          ChallengeResponses: { USERNAME: email, NEW_PASSWORD: password },
        }),
      );
    await expect(answer('weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    expect((await answer('Chosen-horse-1')).AuthenticationResult?.AccessToken).toBeDefined();
    await expect(answer('Chosen-horse-2')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await signIn(lab, email, 'Chosen-horse-1');
    await setPassword(lab, email, 'Temporary-1234', false);
    lab.now += 7 * 86_400_000;
    await expect(signIn(lab, email, 'Temporary-1234')).rejects.toThrow('expired');
  });
});
