import {
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  DeleteIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  ListIdentityProvidersCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDns } from '../../dns/dns-server.ts';
import { localClient } from '../../identity-provider/people.ts';
import { startIdentityProvider } from '../../identity-provider/server.ts';
import type { PageServer } from '../../mail/page-server.ts';
import { type HostedUiVisitor, pageMessage, type Visited } from '../hosted/visitor.ts';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID } from '../testing/lab.ts';

let lab: Lab;
let provider: PageServer;
/** What the triggers were asked, and what they answer. */
let asked: { triggerSource: string; userName: string; request: { userAttributes: Record<string, string> } }[];
let refusal: string | undefined;

const POOL = { UserPoolId: POOL_ID };
const port = 23_000 + (process.pid % 8_000);

beforeEach(async () => {
  asked = [];
  refusal = undefined;
  lab = await Lab.open({
    pool: { preSignUpTriggerArn: 'arn:pre-sign-up', preAuthenticationTriggerArn: 'arn:pre-authentication' },
    invokeTrigger: async (_arn, event) => {
      asked.push(event as (typeof asked)[number]);
      if (refusal) throw new Error(refusal);
      return event;
    },
  });
  lab.now = Date.now();
  const dns = await startDns(lab.dir, port);
  provider = await startIdentityProvider({
    port,
    redirectUris: [`${lab.hosted.url}/oauth2/idpresponse`],
    acsUrls: [`${lab.hosted.url}/saml2/idpresponse`],
    dns,
  });
  await lab.sdk.send(create('Acme', 'acme'));
  await offer('COGNITO', 'Acme');
  return async () => {
    await provider.close();
    await dns.close();
  };
});
afterEach(() => lab.close());

const create = (name: string, realm: string, details: Record<string, string> = {}) =>
  new CreateIdentityProviderCommand({
    ...POOL,
    ProviderName: name,
    ProviderType: 'OIDC',
    ProviderDetails: {
      oidc_issuer: `http://localhost:${port}/${realm}`,
      client_id: localClient.id,
      client_secret: localClient.secret,
      authorize_scopes: 'openid email',
      attributes_request_method: 'GET',
      ...details,
    },
    AttributeMapping: { email: 'email', name: 'name' },
  });

async function offer(...names: string[]) {
  const { UserPoolClient } = await lab.sdk.send(new DescribeUserPoolClientCommand({ ...POOL, ClientId: CLIENT_ID }));
  const input = { ...UserPoolClient, UserPoolId: POOL_ID, ClientId: CLIENT_ID, SupportedIdentityProviders: names };
  await lab.sdk.send(new UpdateUserPoolClientCommand(input));
}

async function arrive(visitor: HostedUiVisitor, person: Record<string, string>): Promise<Visited> {
  const page = await visitor.open('/oauth2/authorize', { identity_provider: 'Acme' });
  const answer = await fetch(page.url, { method: 'POST', body: new URLSearchParams(person), redirect: 'manual' });
  return visitor.resume(new URL(answer.headers.get('location') ?? ''));
}

describe('a sign-in by a provider', () => {
  it('makes a user under the provider’s name, tells it in the tokens, and finds it again', async () => {
    const visitor = lab.visitor();
    const tokens = await visitor.exchange(
      visitor.redeemable(await arrive(visitor, { email: 'ada@acme.test', subject: 's-1' })),
    );
    expect(claimsOf(tokens.access_token)).toMatchObject({ username: 'Acme_s-1' });
    expect(claimsOf(tokens.id_token)).toMatchObject({
      'cognito:username': 'Acme_s-1',
      email: 'ada@acme.test',
      email_verified: false,
      identities: [{ providerName: 'Acme', userId: 's-1', primary: 'true' }],
    });
    expect(asked).toMatchObject([{ triggerSource: 'PreSignUp_ExternalProvider', userName: 'Acme_s-1' }]);
    const user = await lab.sdk.send(new AdminGetUserCommand({ ...POOL, Username: 'Acme_s-1' }));
    expect(user.UserStatus).toBe('EXTERNAL_PROVIDER');
    const again = lab.visitor();
    const second = await again.exchange(
      again.redeemable(await arrive(again, { email: 'new@acme.test', subject: 's-1' })),
    );
    expect(claimsOf(second.access_token).sub).toBe(claimsOf(tokens.access_token).sub);
    expect(claimsOf(second.id_token).email).toBe('new@acme.test');
    expect(asked).toHaveLength(1);
  });

  it('keeps apart from a user who signed up here with the same address, who signs in as before', async () => {
    const native = lab.visitor();
    await native.signUp('ada@acme.test', PASSWORD, async () => lab.code('ada@acme.test'));
    const visitor = lab.visitor();
    const tokens = await visitor.exchange(visitor.redeemable(await arrive(visitor, { email: 'ada@acme.test' })));
    const own = lab.visitor();
    const ownTokens = await own.exchange(await own.signIn('ada@acme.test', PASSWORD));
    expect(claimsOf(ownTokens.access_token).sub).not.toBe(claimsOf(tokens.access_token).sub);
  });

  it('comes back to the app with what a trigger refuses it for, and leaves no user', async () => {
    refusal = 'not here';
    const visited = await arrive(lab.visitor(), { email: 'ada@acme.test', subject: 's-1' });
    expect(visited.returned?.get('error')).toBe('invalid_request');
    expect(visited.returned?.get('error_description')).toBe('PreSignUp failed with error not here.');
    const found = lab.sdk.send(new AdminGetUserCommand({ ...POOL, Username: 'Acme_s-1' }));
    await expect(found).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('leaves whoever comes with a password on the page, which says what a trigger refuses it for', async () => {
    await lab.visitor().signUp('ada@acme.test', PASSWORD, async () => lab.code('ada@acme.test'));
    refusal = 'Sign in at <your> company.';
    const visitor = lab.visitor();
    const page = await visitor.submit(await visitor.open(), { username: 'ada@acme.test', password: PASSWORD });
    expect(page.returned).toBeUndefined();
    expect(pageMessage(page)).toBe('Sign in at <your> company. (/login)');
    expect(page.body).not.toContain('<your>');
  });

  it('is that of the browser which began it, once, and of a code that the provider gave for it', async () => {
    const page = await lab.visitor().open('/oauth2/authorize', { identity_provider: 'Acme' });
    const body = new URLSearchParams({ email: 'ada@acme.test' });
    const answer = await fetch(page.url, { method: 'POST', body, redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect((await lab.visitor().resume(back)).returned).toBeUndefined();

    const victim = lab.visitor();
    const begun = await victim.open('/oauth2/authorize', { identity_provider: 'Acme' });
    const swapped = new URL(back);
    swapped.searchParams.set('state', begun.url.searchParams.get('state') ?? '');
    // The code is good, but its ID token answers another request's nonce.
    expect((await victim.resume(swapped)).returned?.get('error_description')).toMatch(/nonce/);
    expect((await victim.resume(swapped)).returned).toBeUndefined();
  });

  it('signs in a user that it was linked to before, and no more when the link is taken away', async () => {
    const native = lab.visitor();
    const own = await native.exchange(
      await native.signUp('ada@acme.test', PASSWORD, async () => lab.code('ada@acme.test')),
    );
    const sub = String(claimsOf(own.access_token).sub);
    const user = { ProviderName: 'Acme', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 's-1' };
    const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: sub };
    await lab.sdk.send(new AdminLinkProviderForUserCommand({ ...POOL, DestinationUser, SourceUser: user }));
    const visitor = lab.visitor();
    const tokens = await visitor.exchange(
      visitor.redeemable(await arrive(visitor, { email: 'ada@acme.test', subject: 's-1' })),
    );
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub, username: sub });
    await lab.sdk.send(new AdminDisableProviderForUserCommand({ ...POOL, User: user }));
    const later = lab.visitor();
    const apart = await later.exchange(
      later.redeemable(await arrive(later, { email: 'ada@acme.test', subject: 's-1' })),
    );
    expect(claimsOf(apart.access_token).sub).not.toBe(sub);
  });
});

describe('a provider', () => {
  it('is taken when it answers as its issuer, and is listed without its secret', async () => {
    await expect(lab.sdk.send(create('Nobody', 'acme', { oidc_issuer: `http://localhost:${port}` }))).rejects.toThrow();
    await expect(lab.sdk.send(create('Acme', 'acme'))).rejects.toMatchObject({ name: 'DuplicateProviderException' });
    const { Providers } = await lab.sdk.send(new ListIdentityProvidersCommand(POOL));
    expect(Providers?.map(({ ProviderName }) => ProviderName)).toEqual(['Acme']);
    expect(JSON.stringify(Providers)).not.toContain(localClient.secret);
  });

  it('is offered by the clients that name it, until it goes', async () => {
    await offer('COGNITO');
    const visited = await lab.visitor().open('/oauth2/authorize', { identity_provider: 'Acme' });
    expect(visited.returned?.get('error')).toBe('invalid_request');
    await offer('COGNITO', 'Acme');
    await lab.sdk.send(new DeleteIdentityProviderCommand({ ...POOL, ProviderName: 'Acme' }));
    const { UserPoolClient } = await lab.sdk.send(new DescribeUserPoolClientCommand({ ...POOL, ClientId: CLIENT_ID }));
    expect(UserPoolClient?.SupportedIdentityProviders).toEqual(['COGNITO']);
    await expect(offer('COGNITO', 'Acme')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is lost with all other settings by an update of the client that does not repeat them', async () => {
    const input = { ...POOL, ClientId: CLIENT_ID, SupportedIdentityProviders: ['COGNITO'] };
    await lab.sdk.send(new UpdateUserPoolClientCommand(input));
    expect((await lab.visitor().open()).returned).toBeUndefined();
    const { UserPoolClient } = await lab.sdk.send(new DescribeUserPoolClientCommand({ ...POOL, ClientId: CLIENT_ID }));
    expect(UserPoolClient).toMatchObject({ CallbackURLs: [], AllowedOAuthScopes: [] });
  });
});
