import {
  AdminResetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID } from './testing/lab.ts';
import { confirmedUser, freshEmail, signIn, signUp } from './testing/people.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

describe('signing up', () => {
  test('a user signs in only after the mailed code confirmed the address', async () => {
    const email = freshEmail();
    const { UserSub, UserConfirmed, CodeDeliveryDetails } = await signUp(lab, email);
    expect(UserConfirmed).toBe(false);
    expect(CodeDeliveryDetails?.Destination).toBe('p***@e***');
    await expect(signIn(lab, email)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
    await lab.sdk.send(
      new ConfirmSignUpCommand({ ClientId: CLIENT_ID, Username: email, ConfirmationCode: lab.code(email) }),
    );
    const { AuthenticationResult } = await signIn(lab, email.toUpperCase());
    expect(claimsOf(AuthenticationResult?.AccessToken).username).toBe(UserSub);
    expect(claimsOf(AuthenticationResult?.IdToken).email_verified).toBe(true);
  });

  test('an address has one account, whatever its case', async () => {
    const email = freshEmail();
    await signUp(lab, email);
    await expect(signUp(lab, email.toUpperCase())).rejects.toMatchObject({ name: 'UsernameExistsException' });
  });

  test.each([
    ['Short1a', 'not long enough'],
    ['nouppercase11', 'uppercase'],
    ['NOLOWERCASE11', 'lowercase'],
    ['NoNumbersHere', 'numeric'],
  ])('the password policy refuses %s', async (password, reason) => {
    const refusal = signUp(lab, freshEmail(), password);
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await expect(refusal).rejects.toThrow(reason);
  });

  test('after five wrong codes even the right one is refused, and a new code gives no new attempts', async () => {
    const email = freshEmail();
    await signUp(lab, email);
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
    await signUp(lab, email);
    lab.now += 24 * 3_600_000;
    await expect(
      lab.sdk.send(
        new ConfirmSignUpCommand({ ClientId: CLIENT_ID, Username: email, ConfirmationCode: lab.code(email) }),
      ),
    ).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  test('at most five codes are mailed in an hour', async () => {
    const email = freshEmail();
    await signUp(lab, email);
    const resend = () => lab.sdk.send(new ResendConfirmationCodeCommand({ ClientId: CLIENT_ID, Username: email }));
    for (let mail = 1; mail < 5; mail += 1) await resend();
    await expect(resend()).rejects.toMatchObject({ name: 'LimitExceededException' });
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
    const { email } = await confirmedUser(lab);
    await lab.sdk.send(new ForgotPasswordCommand({ ClientId: CLIENT_ID, Username: email }));
    const code = lab.code(email);
    await expect(confirm(email, code, 'weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await confirm(email, code, 'Another-horse-1');
    await expect(confirm(email, code, 'Another-horse-2')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await signIn(lab, email, 'Another-horse-1');
    await expect(signIn(lab, email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('asking for an unknown address tells nothing and mails nothing', async () => {
    const email = freshEmail();
    const answer = await lab.sdk.send(new ForgotPasswordCommand({ ClientId: CLIENT_ID, Username: email }));
    expect(answer.CodeDeliveryDetails?.Destination).toBe('p***@e***');
    expect(lab.mail.messages({ to: email })).toEqual([]);
    await expect(confirm(email, '123456', PASSWORD)).rejects.toMatchObject({ name: 'CodeMismatchException' });
  });

  test('an administrator can demand a new password', async () => {
    const { email } = await confirmedUser(lab);
    await lab.sdk.send(new AdminResetUserPasswordCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(signIn(lab, email)).rejects.toMatchObject({ name: 'PasswordResetRequiredException' });
    await confirm(email, lab.code(email), 'Another-horse-1');
    await signIn(lab, email, 'Another-horse-1');
  });

  test('changing a password needs the previous one', async () => {
    const { email } = await confirmedUser(lab);
    const { AuthenticationResult } = await signIn(lab, email);
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
    await signIn(lab, email, 'Another-horse-1');
  });
});
