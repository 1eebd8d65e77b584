import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID } from './testing/lab.ts';

let lab: Lab;
let serial = 0;

beforeAll(async () => {
  lab = await Lab.open({
    pool: {
      customAttributes: [
        { name: 'custom:plan', mutable: true },
        { name: 'custom:origin', mutable: false },
      ],
    },
    client: { writeAttributes: ['email', 'name', 'custom:origin'] },
  });
});
afterAll(() => lab.close());

function freshEmail(): string {
  serial += 1;
  return `person${serial}@example.com`;
}

async function confirmedUser(): Promise<{ email: string; sub: string }> {
  const email = freshEmail();
  const created = await lab.sdk.send(
    new AdminCreateUserCommand({
      UserPoolId: POOL_ID,
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  await setPassword(email, PASSWORD);
  return { email, sub: created.User?.Username ?? '' };
}

function setPassword(email: string, password: string, permanent = true) {
  return lab.sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: email, Password: password, Permanent: permanent }),
  );
}

function signIn(email: string, password = PASSWORD) {
  return lab.sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
}

function refresh(token: string | undefined) {
  return lab.sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { REFRESH_TOKEN: token ?? '' },
    }),
  );
}

function signUp(email: string, password = PASSWORD, attributes: { Name: string; Value: string }[] = []) {
  return lab.sdk.send(
    new SignUpCommand({ ClientId: CLIENT_ID, Username: email, Password: password, UserAttributes: attributes }),
  );
}

describe('signing up', () => {
  test('a user signs in only after the mailed code confirmed the address', async () => {
    const email = freshEmail();
    const { UserSub, UserConfirmed, CodeDeliveryDetails } = await signUp(email);
    expect(UserConfirmed).toBe(false);
    expect(CodeDeliveryDetails?.Destination).toBe('p***@e***');
    await expect(signIn(email)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
    await lab.sdk.send(
      new ConfirmSignUpCommand({ ClientId: CLIENT_ID, Username: email, ConfirmationCode: lab.code(email) }),
    );
    const { AuthenticationResult } = await signIn(email.toUpperCase());
    expect(claimsOf(AuthenticationResult?.AccessToken).username).toBe(UserSub);
    expect(claimsOf(AuthenticationResult?.IdToken).email_verified).toBe(true);
  });

  test('an address has one account, whatever its case', async () => {
    const email = freshEmail();
    await signUp(email);
    await expect(signUp(email.toUpperCase())).rejects.toMatchObject({ name: 'UsernameExistsException' });
  });

  test.each([
    ['Short1a', 'not long enough'],
    ['nouppercase11', 'uppercase'],
    ['NOLOWERCASE11', 'lowercase'],
    ['NoNumbersHere', 'numeric'],
  ])('the password policy refuses %s', async (password, reason) => {
    const refusal = signUp(freshEmail(), password);
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await expect(refusal).rejects.toThrow(reason);
  });

  test('after five wrong codes even the right one is refused, and a new code gives no new attempts', async () => {
    const email = freshEmail();
    await signUp(email);
    const right = lab.code(email);
    const confirm = (code: string) =>
      lab.sdk.send(new ConfirmSignUpCommand({ ClientId: CLIENT_ID, Username: email, ConfirmationCode: code }));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(confirm(right === '000000' ? '111111' : '000000')).rejects.toMatchObject({
        name: 'CodeMismatchException',
      });
    }
    await expect(confirm(right)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await lab.sdk.send(new ResendConfirmationCodeCommand({ ClientId: CLIENT_ID, Username: email }));
    await expect(confirm(lab.code(email))).rejects.toMatchObject({ name: 'LimitExceededException' });
    lab.now += 3_600_000;
    await confirm(lab.code(email));
  });

  test('a code expires after a day', async () => {
    const email = freshEmail();
    await signUp(email);
    lab.now += 24 * 3_600_000;
    await expect(
      lab.sdk.send(
        new ConfirmSignUpCommand({ ClientId: CLIENT_ID, Username: email, ConfirmationCode: lab.code(email) }),
      ),
    ).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  test('at most five codes are mailed in an hour', async () => {
    const email = freshEmail();
    await signUp(email);
    const resend = () => lab.sdk.send(new ResendConfirmationCodeCommand({ ClientId: CLIENT_ID, Username: email }));
    for (let mail = 1; mail < 5; mail += 1) await resend();
    await expect(resend()).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

describe('attributes', () => {
  test('a user writes no attribute that the client may not write, and none that the pool lacks', async () => {
    const { email, sub } = await confirmedUser();
    const { AuthenticationResult } = await signIn(email);
    const update = (Name: string, Value: string) =>
      lab.sdk.send(
        new UpdateUserAttributesCommand({
          AccessToken: AuthenticationResult?.AccessToken,
          UserAttributes: [{ Name, Value }],
        }),
      );
    await expect(update('custom:plan', 'enterprise')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(update('email_verified', 'true')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(update('custom:tenantId', 'ten_other')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(update('custom:origin', 'x')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(update('sub', 'someone-else')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(signUp(freshEmail(), PASSWORD, [{ Name: 'custom:plan', Value: 'enterprise' }])).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await update('name', 'Kim');
    const seen = await lab.sdk.send(new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: sub }));
    expect(seen.UserAttributes).toContainEqual({ Name: 'name', Value: 'Kim' });
    expect(seen.UserAttributes?.map(({ Name }) => Name)).not.toContain('custom:plan');
  });

  test('a new address is unverified until its own code is given', async () => {
    const { email } = await confirmedUser();
    const moved = freshEmail();
    const { AuthenticationResult } = await signIn(email);
    const AccessToken = AuthenticationResult?.AccessToken;
    const verified = async () => {
      const { UserAttributes } = await lab.sdk.send(new GetUserCommand({ AccessToken }));
      return UserAttributes?.find(({ Name }) => Name === 'email_verified')?.Value;
    };
    await lab.sdk.send(
      new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'email', Value: moved }] }),
    );
    expect(await verified()).toBe('false');
    await lab.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code: lab.code(moved) }));
    expect(await verified()).toBe('true');
    await signIn(moved);
    await expect(signIn(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('signing in', () => {
  test('a wrong password and an unknown user give the same error', async () => {
    const { email } = await confirmedUser();
    const errors = await Promise.all(
      [signIn(email, 'Wrong-horse-1'), signIn(freshEmail())].map((attempt) => attempt.catch((error: Error) => error)),
    );
    const [wrong, unknown] = errors.map((error) => error instanceof Error && [error.name, error.message]);
    expect(wrong).toEqual(['NotAuthorizedException', 'Incorrect username or password.']);
    expect(unknown).toEqual(wrong);
  });

  test('five wrong passwords lock the user for a moment, even against the right one', async () => {
    const { email } = await confirmedUser();
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(signIn(email, 'Wrong-horse-1')).rejects.toThrow();
    await expect(signIn(email)).rejects.toThrow('Password attempts exceeded');
    lab.now += 1_000;
    await signIn(email);
  });

  test('a disabled user neither signs in nor refreshes nor calls with an access token', async () => {
    const { email } = await confirmedUser();
    const { AuthenticationResult: tokens } = await signIn(email);
    await lab.sdk.send(new AdminDisableUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(signIn(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(refresh(tokens?.RefreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(lab.sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await lab.sdk.send(new AdminEnableUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await signIn(email);
  });

  test('signing out everywhere ends refresh and access tokens of every sign-in', async () => {
    const { email } = await confirmedUser();
    const [first, second] = [await signIn(email), await signIn(email)];
    await lab.sdk.send(new GlobalSignOutCommand({ AccessToken: first.AuthenticationResult?.AccessToken }));
    for (const { AuthenticationResult } of [first, second]) {
      await expect(refresh(AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
      await expect(
        lab.sdk.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken })),
      ).rejects.toThrow('revoked');
    }
    const third = await signIn(email);
    await lab.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(refresh(third.AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
  });

  test('a refresh keeps the sign-in it belongs to, and revoking ends only that one', async () => {
    const { email } = await confirmedUser();
    const [one, other] = [await signIn(email), await signIn(email)];
    lab.now += 60_000;
    const again = await refresh(one.AuthenticationResult?.RefreshToken);
    expect(again.AuthenticationResult?.RefreshToken).toBeUndefined();
    const [before, after] = [one, again].map((result) => claimsOf(result.AuthenticationResult?.AccessToken));
    expect(after?.origin_jti).toBe(before?.origin_jti);
    expect(after?.auth_time).toBe(before?.auth_time);
    expect(after?.jti).not.toBe(before?.jti);
    await lab.sdk.send(new RevokeTokenCommand({ ClientId: CLIENT_ID, Token: one.AuthenticationResult?.RefreshToken }));
    await expect(refresh(one.AuthenticationResult?.RefreshToken)).rejects.toThrow('revoked');
    await refresh(other.AuthenticationResult?.RefreshToken);
  });

  test('refresh tokens and access tokens end when the client says', async () => {
    const { email } = await confirmedUser();
    const { AuthenticationResult: tokens } = await signIn(email);
    lab.now += 60 * 60_000 + 1_000;
    await expect(lab.sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))).rejects.toThrow('expired');
    lab.now += 30 * 86_400_000;
    await expect(refresh(tokens?.RefreshToken)).rejects.toThrow('expired');
  });

  test('a temporary password must be replaced, and expires after a week', async () => {
    const { email } = await confirmedUser();
    await setPassword(email, 'Temporary-1234', false);
    const challenge = await signIn(email, 'Temporary-1234');
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
    await signIn(email, 'Chosen-horse-1');
    await setPassword(email, 'Temporary-1234', false);
    lab.now += 7 * 86_400_000;
    await expect(signIn(email, 'Temporary-1234')).rejects.toThrow('expired');
  });
});

describe('passwords', () => {
  const confirm = (email: string, code: string, password: string) =>
    lab.sdk.send(
      new ConfirmForgotPasswordCommand({
        ClientId: CLIENT_ID,
        Username: email,
        ConfirmationCode: code,
        Password: password,
      }),
    );

  test('a forgotten password is replaced with the mailed code, once', async () => {
    const { email } = await confirmedUser();
    await lab.sdk.send(new ForgotPasswordCommand({ ClientId: CLIENT_ID, Username: email }));
    const code = lab.code(email);
    await expect(confirm(email, code, 'weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await confirm(email, code, 'Another-horse-1');
    await expect(confirm(email, code, 'Another-horse-2')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await signIn(email, 'Another-horse-1');
    await expect(signIn(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('asking for an unknown address tells nothing and mails nothing', async () => {
    const email = freshEmail();
    const answer = await lab.sdk.send(new ForgotPasswordCommand({ ClientId: CLIENT_ID, Username: email }));
    expect(answer.CodeDeliveryDetails?.Destination).toBe('p***@e***');
    expect(lab.mail.messages({ to: email })).toEqual([]);
    await expect(confirm(email, '123456', PASSWORD)).rejects.toMatchObject({ name: 'CodeMismatchException' });
  });

  test('an administrator can demand a new password', async () => {
    const { email } = await confirmedUser();
    await lab.sdk.send(new AdminResetUserPasswordCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(signIn(email)).rejects.toMatchObject({ name: 'PasswordResetRequiredException' });
    await confirm(email, lab.code(email), 'Another-horse-1');
    await signIn(email, 'Another-horse-1');
  });

  test('changing a password needs the previous one', async () => {
    const { email } = await confirmedUser();
    const { AuthenticationResult } = await signIn(email);
    const change = (previous: string) =>
      lab.sdk.send(
        new ChangePasswordCommand({
          AccessToken: AuthenticationResult?.AccessToken,
          PreviousPassword: previous,
          ProposedPassword: 'Another-horse-1',
        }),
      );
    await expect(change('Wrong-horse-1')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await change(PASSWORD);
    await signIn(email, 'Another-horse-1');
  });
});

describe('administration', () => {
  test('groups stand in the tokens in the order of their precedence', async () => {
    const { email, sub } = await confirmedUser();
    const change = (GroupName: string) => ({ UserPoolId: POOL_ID, Username: email, GroupName });
    await lab.sdk.send(new AdminAddUserToGroupCommand(change('support')));
    await lab.sdk.send(new AdminAddUserToGroupCommand(change('operators')));
    const { AuthenticationResult } = await signIn(email);
    for (const token of [AuthenticationResult?.AccessToken, AuthenticationResult?.IdToken]) {
      expect(claimsOf(token)['cognito:groups']).toEqual(['operators', 'support']);
    }
    await lab.sdk.send(new AdminRemoveUserFromGroupCommand(change('operators')));
    const { Groups } = await lab.sdk.send(new AdminListGroupsForUserCommand({ UserPoolId: POOL_ID, Username: sub }));
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['support']);
    await expect(lab.sdk.send(new AdminAddUserToGroupCommand(change('owners')))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const members = await lab.sdk.send(new ListUsersInGroupCommand({ UserPoolId: POOL_ID, GroupName: 'support' }));
    expect(members.Users?.map(({ Username }) => Username)).toContain(sub);
  });

  test('an invited user gets a temporary password by mail', async () => {
    const email = freshEmail();
    const { User } = await lab.sdk.send(new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: email }));
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect(User?.UserCreateDate?.getTime()).toBe(lab.now);
    const [, password = ''] = /password is (\S+)/.exec(lab.mail.messages({ to: email })[0]?.text ?? '') ?? [];
    expect((await signIn(email, password)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  test('attributes that only administrators write reach the ID token', async () => {
    const { email } = await confirmedUser();
    await lab.sdk.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: POOL_ID,
        Username: email,
        UserAttributes: [{ Name: 'custom:plan', Value: 'premium' }],
      }),
    );
    const { AuthenticationResult } = await signIn(email);
    expect(claimsOf(AuthenticationResult?.IdToken)['custom:plan']).toBe('premium');
    expect(claimsOf(AuthenticationResult?.AccessToken)['custom:plan']).toBeUndefined();
  });

  test('an administrator confirms a sign-up without a code, once', async () => {
    const email = freshEmail();
    await signUp(email);
    const confirm = () => lab.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: POOL_ID, Username: email }));
    await confirm();
    await signIn(email);
    await expect(confirm()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('a deleted user is gone with their tokens, and the address is free again', async () => {
    const { email } = await confirmedUser();
    const { AuthenticationResult } = await signIn(email);
    await lab.sdk.send(new AdminDeleteUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(refresh(AuthenticationResult?.RefreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(lab.sdk.send(new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: email }))).rejects.toMatchObject(
      { name: 'UserNotFoundException' },
    );
    await signUp(email);
  });

  test('pages of users are disjoint, complete and no longer than asked', async () => {
    for (let user = 0; user < 5; user += 1) await confirmedUser();
    const all = await lab.sdk.send(new ListUsersCommand({ UserPoolId: POOL_ID }));
    const paged: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await lab.sdk.send(new ListUsersCommand({ UserPoolId: POOL_ID, Limit: 3, PaginationToken: token }));
      expect(page.Users?.length).toBeLessThanOrEqual(3);
      paged.push(...(page.Users ?? []).map(({ Username }) => Username));
      token = page.PaginationToken;
    } while (token !== undefined);
    expect(paged).toEqual(all.Users?.map(({ Username }) => Username));
    expect(new Set(paged).size).toBe(paged.length);
  });

  test('a filter finds by value and by prefix, and a malformed one is an error', async () => {
    const { email, sub } = await confirmedUser();
    const list = async (Filter: string) =>
      (await lab.sdk.send(new ListUsersCommand({ UserPoolId: POOL_ID, Filter }))).Users?.map(
        ({ Username }) => Username,
      );
    expect(await list(`email = "${email.toUpperCase()}"`)).toEqual([sub]);
    expect(await list(`sub ^= "${sub.slice(0, 20)}"`)).toEqual([sub]);
    expect(await list('email = "nobody@example.com"')).toEqual([]);
    await expect(list('custom:plan = "x"')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list('email like "%"')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('the pool, its client and its groups describe themselves', async () => {
    const { UserPool } = await lab.sdk.send(new DescribeUserPoolCommand({ UserPoolId: POOL_ID }));
    expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(10);
    const { UserPoolClient } = await lab.sdk.send(
      new DescribeUserPoolClientCommand({ UserPoolId: POOL_ID, ClientId: CLIENT_ID }),
    );
    expect(UserPoolClient?.AllowedOAuthFlows).toEqual(['code']);
    const { Groups } = await lab.sdk.send(new ListGroupsCommand({ UserPoolId: POOL_ID }));
    expect(Groups?.map(({ GroupName }) => GroupName).sort()).toEqual(['operators', 'support']);
  });

  test('administration needs a grant on the pool, and what users do themselves needs none', async () => {
    const before = lab.gateway.calls.length;
    await lab.sdk.send(new ListGroupsCommand({ UserPoolId: POOL_ID }));
    await signIn(freshEmail()).catch(() => undefined);
    expect(lab.gateway.calls.slice(before)).toEqual([
      {
        name: 'ListGroups',
        requires: [
          {
            action: 'cognito-idp:ListGroups',
            resource: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
          },
        ],
      },
      { name: 'InitiateAuth', requires: [] },
    ]);
    const anonymous = (name: string) =>
      lab.engine.anonymous({
        service: 'cognito-idp',
        region: 'us-east-1',
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` },
        body: Buffer.from('{}'),
        requestId: 'request',
      });
    expect(anonymous('SignUp')).toBe(true);
    expect(anonymous('GetUser')).toBe(true);
    expect(anonymous('AdminGetUser')).toBe(false);
    expect(anonymous('ListUsers')).toBe(false);
    expect(anonymous('toString')).toBe(false);
  });

  test('an unknown operation or member is an error', async () => {
    const call = (name: string, body: object) =>
      fetch(lab.gateway.url, {
        method: 'POST',
        headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` },
        body: JSON.stringify(body),
      }).then((response) => response.json());
    expect(await call('CreateUserPool', {})).toMatchObject({ __type: 'UnknownOperationException' });
    expect(await call('ListGroups', { UserPoolId: POOL_ID, Surprise: 1 })).toMatchObject({
      __type: 'InvalidParameterException',
    });
  });
});
