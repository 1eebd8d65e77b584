import {
  AdminGetUserCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab, PASSWORD, POOL_ID } from './testing/lab.ts';
import { confirmedUser, freshEmail, signIn, signUp } from './testing/people.ts';

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

describe('attributes', () => {
  test('a user writes no attribute that the client may not write, and none that the pool lacks', async () => {
    const { email, sub } = await confirmedUser(lab);
    const { AuthenticationResult } = await signIn(lab, email);
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
    await expect(
      signUp(lab, freshEmail(), PASSWORD, [{ Name: 'custom:plan', Value: 'enterprise' }]),
    ).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await update('name', 'Kim');
    const seen = await lab.sdk.send(new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: sub }));
    expect(seen.UserAttributes).toContainEqual({ Name: 'name', Value: 'Kim' });
    expect(seen.UserAttributes?.map(({ Name }) => Name)).not.toContain('custom:plan');
  });

  test('a new address is unverified until its own code is given', async () => {
    const { email } = await confirmedUser(lab);
    const moved = freshEmail();
    const { AuthenticationResult } = await signIn(lab, email);
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
    await signIn(lab, moved);
    await expect(signIn(lab, email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});
