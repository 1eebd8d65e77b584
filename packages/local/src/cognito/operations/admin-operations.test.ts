import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ListGroupsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, POOL_ID } from '../testing/lab.ts';
import { confirmedUser, freshEmail, refresh, signIn, signUp } from '../testing/people.ts';

let lab: Lab;

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

describe('administration', () => {
  test('groups stand in the tokens in the order of their precedence', async () => {
    const { email, sub } = await confirmedUser(lab);
    const change = (GroupName: string) => ({ UserPoolId: POOL_ID, Username: email, GroupName });
    await lab.sdk.send(new AdminAddUserToGroupCommand(change('support')));
    await lab.sdk.send(new AdminAddUserToGroupCommand(change('operators')));
    const { AuthenticationResult } = await signIn(lab, email);
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
    expect((await signIn(lab, email, password)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  test('attributes that only administrators write reach the ID token', async () => {
    const { email } = await confirmedUser(lab);
    await lab.sdk.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: POOL_ID,
        Username: email,
        UserAttributes: [{ Name: 'custom:plan', Value: 'premium' }],
      }),
    );
    const { AuthenticationResult } = await signIn(lab, email);
    expect(claimsOf(AuthenticationResult?.IdToken)['custom:plan']).toBe('premium');
    expect(claimsOf(AuthenticationResult?.AccessToken)['custom:plan']).toBeUndefined();
  });

  test('an administrator confirms a sign-up without a code, once', async () => {
    const email = freshEmail();
    await signUp(lab, email);
    const confirm = () => lab.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: POOL_ID, Username: email }));
    await confirm();
    await signIn(lab, email);
    await expect(confirm()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('a deleted user is gone with their tokens, and the address is free again', async () => {
    const { email } = await confirmedUser(lab);
    const { AuthenticationResult } = await signIn(lab, email);
    await lab.sdk.send(new AdminDeleteUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(refresh(lab, AuthenticationResult?.RefreshToken)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await expect(lab.sdk.send(new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: email }))).rejects.toMatchObject(
      { name: 'UserNotFoundException' },
    );
    await signUp(lab, email);
  });

  test('pages of users are disjoint, complete and no longer than asked', async () => {
    for (let user = 0; user < 5; user += 1) await confirmedUser(lab);
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

  test('users are shown with no more attributes than asked for', async () => {
    const { sub } = await confirmedUser(lab);
    const { Users } = await lab.sdk.send(new ListUsersCommand({ UserPoolId: POOL_ID, AttributesToGet: ['sub'] }));
    expect(Users?.find(({ Username }) => Username === sub)?.Attributes).toEqual([{ Name: 'sub', Value: sub }]);
  });

  test('a filter finds by value and by prefix, and a malformed one is an error', async () => {
    const { email, sub } = await confirmedUser(lab);
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
    await signIn(lab, freshEmail()).catch(() => undefined);
    expect(lab.gateway.calls.slice(before)).toEqual([
      {
        name: 'ListGroups',
        requires: [
          {
            action: 'cognito-idp:ListGroups',
            resource: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
            context: { 'aws:ResourceTag/stage': ['test'] },
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
