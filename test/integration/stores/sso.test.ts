import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AdminAddUserToGroupCommand,
  AdminUpdateUserAttributesCommand,
  DescribeIdentityProviderCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { setActiveTenant } from '@tenantry/core/identity/user';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { releaseDomain } from '@tenantry/core/sso/domain-owner';
import { claimDomain, type LookUpText, removeDomain, verifyDomain } from '@tenantry/core/sso/domains';
import { endSso } from '@tenantry/core/sso/ending';
import type { IdentityPool } from '@tenantry/core/sso/identity-pool';
import { changeProvider, removeProvider, saveProvider } from '@tenantry/core/sso/provider';
import { providerNameOf } from '@tenantry/core/sso/provider-name';
import { recheckDomains } from '@tenantry/core/sso/recheck';
import { readDomains, readSso } from '@tenantry/core/sso/settings';
import { signInOf } from '@tenantry/core/sso/sign-in';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import type { HostedUiVisitor } from '@tenantry/local/cognito/hosted/visitor';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID } from '@tenantry/local/cognito/testing/lab';
import { startDns } from '@tenantry/local/dns/dns-server';
import { localClient } from '@tenantry/local/identity-provider/people';
import { startIdentityProvider } from '@tenantry/local/identity-provider/server';
import type { PageServer } from '@tenantry/local/mail/page-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

/**
 * Single sign-on with the tables, the user pool, a provider and the functions that the pool asks, all in one process and without policies: what
 * the functions decide. That they may do what they do is shown by the local cloud.
 */
let stores: Stores;
let lab: Lab;
let provider: PageServer;
let sts: Server;
let pool: IdentityPool;
let serial = 0;
const closers: (() => Promise<unknown>)[] = [];
const port = 27_000 + (process.pid % 5_000);

/** Credentials that nobody asks for anything. */
const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

beforeAll(async () => {
  stores = await startStores();
  sts = createServer((_, response) => response.end(assumed));
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  lab = await Lab.open({
    pool: {
      preSignUpTriggerArn: 'pre-sign-up',
      preAuthenticationTriggerArn: 'pre-authentication',
      preTokenTriggerArn: 'pre-token',
      preTokenVersion: 'V2_0',
    },
    invokeTrigger: async (name, event) => {
      const { handler } = (await triggers[name as keyof typeof triggers]()) as { handler: (event: object) => unknown };
      return JSON.parse(JSON.stringify(await handler(structuredClone(event))));
    },
  });
  lab.now = Date.now();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: stores.endpoint,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: lab.gateway.url,
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    CONTROL_TABLE: 'Control',
    AUDIT_TABLE: 'Audit',
    TENANT_ARRIVAL_ROLE_ARN: 'arn:aws:iam::000000000000:role/arrival',
  });
  const dns = await startDns(lab.dir, port);
  provider = await startIdentityProvider({
    port,
    redirectUris: [`${lab.hosted.url}/oauth2/idpresponse`],
    acsUrls: [`${lab.hosted.url}/saml2/idpresponse`],
    dns,
  });
  closers.push(
    () => provider.close(),
    () => dns.close(),
    () => lab.close(),
    () => stores.close(),
    async () => sts.close(),
  );
  const { createIdentityPool } = await import('@tenantry/functions/identity-pool');
  pool = createIdentityPool(lab.sdk, { poolId: POOL_ID, clientId: CLIENT_ID });
});
afterAll(async () => {
  for (const close of closers) await close();
});

const triggers = {
  'pre-sign-up': () => import('@tenantry/functions/triggers/pre-sign-up'),
  'pre-authentication': () => import('@tenantry/functions/triggers/pre-authentication'),
  'pre-token': () => import('@tenantry/functions/triggers/pre-token'),
} as const;

const control = () => stores.table('Control');
const ownerOf = (tenantId: TenantId) => ({
  actor: {
    kind: 'member' as const,
    sub: `owner-of-${tenantId}`,
    userId: newId('user'),
    tenantId,
    role: 'owner' as const,
    impersonating: false,
  },
  at: new Date(),
});
const tables = () => ({ control: control(), auditTable: 'Audit', owned: control(), users: control() });
const detailsOf = (realm: string) => ({
  kind: 'oidc' as const,
  issuer: `http://localhost:${port}/${realm}`,
  clientId: localClient.id,
  clientSecret: localClient.secret,
});
const save = (tenantId: TenantId, realm = 'acme') =>
  saveProvider(
    tables(),
    { details: detailsOf(realm), pool, trustedOrigin: `http://localhost:${port}` },
    ownerOf(tenantId),
  );

async function verified(tenantId: TenantId, domain: string): Promise<void> {
  const context = ownerOf(tenantId);
  const { token } = await claimDomain(tables(), domain, context);
  await verifyDomain(tables(), { domain, recordLabel: '_x', lookUp: async () => [token] }, context);
}

/** A company with an owner, a verified domain and a provider. */
async function company(): Promise<{ tenant: Tenant; domain: string; name: string }> {
  serial += 1;
  const tenant = await storedTenant(stores, { tier: 'premium' });
  const { tenantId } = tenant;
  const { actor } = ownerOf(tenantId);
  await stores.put('Control', {
    ...controlKeys.member(tenantId, actor.userId),
    sub: actor.sub,
    email: 'owner@elsewhere.test',
    role: 'owner',
    joinedAt: '2026-01-01T00:00:00.000Z',
  });
  const domain = `company-${serial}.example.net`;
  await verified(tenantId, domain);
  await save(tenantId);
  return { tenant, domain, name: providerNameOf(tenantId) };
}

async function arrive(name: string, email: string, subject = email, visitor: HostedUiVisitor = lab.visitor()) {
  const page = await visitor.open('/oauth2/authorize', { identity_provider: name });
  if (page.returned?.get('error')) throw new Error(page.returned.get('error_description') ?? 'refused');
  const body = new URLSearchParams({ email, subject });
  const answer = await fetch(page.url, { method: 'POST', body, redirect: 'manual' });
  const visited = await visitor.resume(new URL(answer.headers.get('location') ?? ''));
  const refusal = visited.returned?.get('error_description');
  if (refusal) throw new Error(refusal);
  return visitor.exchange(visitor.redeemable(visited));
}

/** Somebody who signed up with a password. */
async function signedUp(email: string) {
  const visitor = lab.visitor();
  return visitor.exchange(await visitor.signUp(email, PASSWORD, async () => lab.code(email)));
}

async function changeAddress(from: string, to: string): Promise<void> {
  const UserAttributes = [
    { Name: 'email', Value: to },
    { Name: 'email_verified', Value: 'true' },
  ];
  await lab.sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId: POOL_ID, Username: from, UserAttributes }));
}

async function join(accessToken: string, tenantId: TenantId, role: string): Promise<void> {
  const { sub, userId } = claimsOf(accessToken) as { sub: string; userId: `usr_${string}` };
  const row = { tenantId, role, joinedAt: '2026-01-01T00:00:00.000Z' };
  await stores.put(
    'Control',
    { ...controlKeys.member(tenantId, userId), ...row, sub, email: 'x@example.net' },
    { ...controlKeys.membership(sub, tenantId), ...row },
  );
}

describe('somebody who comes by a company’s provider', () => {
  it('is a member of that company from then on, once, however often it comes', async () => {
    const { tenant, domain, name } = await company();
    const first = claimsOf((await arrive(name, `grace@${domain}`)).access_token);
    expect(first).toMatchObject({ tenantId: tenant.tenantId, role: 'member', tier: 'premium' });
    const again = claimsOf((await arrive(name, `grace@${domain}`)).access_token);
    expect(again).toMatchObject({ sub: first.sub, userId: first.userId, tenantId: tenant.tenantId });
    const { people } = await readSso(control(), tenant.tenantId);
    expect(people).toMatchObject([{ sub: first.sub, linked: false }]);
    expect(await signInOf(control(), domain)).toEqual({ provider: name, enforced: false });
  });

  it('is refused with an address of another company, of a public service, or of a domain below', async () => {
    const [acme, other] = [await company(), await company()];
    for (const email of [
      `owner@${other.domain}`,
      'x@gmail.com',
      `x@sub.${acme.domain}`,
      `x@${acme.domain}.evil.test`,
    ]) {
      await expect(arrive(acme.name, email), email).rejects.toThrow('may not speak for this mail address');
    }
  });

  it('gets no token when the provider turns it into a person of another company', async () => {
    const [acme, other] = [await company(), await company()];
    await arrive(acme.name, `mallory@${acme.domain}`, 'mallory');
    const turned = arrive(acme.name, `owner@${other.domain}`, 'mallory');
    await expect(turned).rejects.toThrow('may not speak for this mail address');
  });

  it('finds its membership again when the answer to its joining was lost', async () => {
    const { tenant, domain, name } = await company();
    const { sub } = claimsOf((await arrive(name, `grace@${domain}`)).access_token) as { sub: string };
    const rows = await stores.rows('Control');
    const own = rows.find(({ pk, sk }) => pk === `USER#${sub}` && sk === `TENANT#${tenant.tenantId}`);
    expect(own).toBeDefined();
    await control().client.send(
      new DeleteCommand({ TableName: 'Control', Key: controlKeys.membership(sub, tenant.tenantId) }),
    );
    const claims = claimsOf((await arrive(name, `grace@${domain}`)).access_token);
    expect(claims).toMatchObject({ sub, tenantId: tenant.tenantId });
  });

  it('finds no seat where the tier has none left, and is told so', async () => {
    const { tenant, domain, name } = await company();
    const crowd = Array.from({ length: 49 }, (_, index) => ({
      ...controlKeys.member(tenant.tenantId, newId('user')),
      sub: `crowd-${index}`,
      email: 'x@example.net',
      role: 'member',
      joinedAt: '2026-01-01T00:00:00.000Z',
    }));
    await stores.put('Control', ...crowd);
    await expect(arrive(name, `grace@${domain}`)).rejects.toThrow('at most 50 users');
  });
});

describe('a user who was there before', () => {
  it('is linked when it is this company’s alone, and keeps its role and password', async () => {
    const { tenant, domain, name } = await company();
    const email = `ada@${domain}`;
    const own = await signedUp(email);
    await join(own.access_token, tenant.tenantId, 'admin');
    await expect(arrive(name, email)).rejects.toThrow('sso-linked');
    const claims = claimsOf((await arrive(name, email)).access_token);
    expect(claims).toMatchObject({ sub: claimsOf(own.access_token).sub, role: 'admin', tenantId: tenant.tenantId });
    const visitor = lab.visitor();
    const byPassword = await visitor.exchange(await visitor.signIn(email, PASSWORD));
    expect(claimsOf(byPassword.access_token)).toMatchObject({ sub: claims.sub, tenantId: tenant.tenantId });
  });

  it('is left alone when it belongs to another company as well', async () => {
    const [acme, other] = [await company(), await company()];
    const email = `ada@${acme.domain}`;
    const own = await signedUp(email);
    await join(own.access_token, other.tenant.tenantId, 'owner');
    const claims = claimsOf((await arrive(acme.name, email)).access_token);
    expect(claims.sub).not.toBe(claimsOf(own.access_token).sub);
    expect(claims).toMatchObject({ tenantId: acme.tenant.tenantId, role: 'member' });
  });

  it('is left alone when it is staff, and nobody who comes by a provider is', async () => {
    const { domain, name } = await company();
    const email = `sam@${domain}`;
    const own = claimsOf((await signedUp(email)).access_token);
    const toStaff = (Username: string) =>
      lab.sdk.send(new AdminAddUserToGroupCommand({ UserPoolId: POOL_ID, Username, GroupName: 'operators' }));
    await toStaff(String(own.sub));
    const first = claimsOf((await arrive(name, email, 'sam')).access_token);
    expect(first.sub).not.toBe(own.sub);
    await toStaff(`${name}_sam`);
    expect(claimsOf((await arrive(name, email, 'sam')).access_token)['cognito:groups'] ?? []).toEqual([]);
  });

  it('is left alone while its address is not confirmed, so that nobody can wait for it', async () => {
    const { domain, name } = await company();
    const email = `eve@${domain}`;
    const visitor = lab.visitor();
    await visitor.submit(await visitor.open('/signup'), { username: email, password: PASSWORD });
    const claims = claimsOf((await arrive(name, email)).access_token);
    expect(claims.username).toBe(`${name}_${email}`);
  });
});

describe('a company’s provider', () => {
  it('can say of a person its address and its name, and nothing that carries authority', async () => {
    const { name } = await company();
    const { IdentityProvider } = await lab.sdk.send(
      new DescribeIdentityProviderCommand({ UserPoolId: POOL_ID, ProviderName: name }),
    );
    expect(IdentityProvider?.AttributeMapping).toMatchObject({ email: 'email', name: 'name' });
    const others = Object.keys(IdentityProvider?.AttributeMapping ?? {}).filter(
      (attribute) => !['email', 'name', 'username'].includes(attribute),
    );
    expect(others).toEqual([]);
  });

  it('signs nobody in who did not begin here', async () => {
    const { tenantId } = await storedTenant(stores, { tier: 'premium' });
    const trustedOrigin = `http://localhost:${port}`;
    const details = { kind: 'saml' as const, metadataUrl: `${trustedOrigin}/unasked/saml/metadata` };
    await saveProvider(tables(), { details, pool, trustedOrigin }, ownerOf(tenantId));
    const { IdentityProvider } = await lab.sdk.send(
      new DescribeIdentityProviderCommand({ UserPoolId: POOL_ID, ProviderName: providerNameOf(tenantId) }),
    );
    expect(IdentityProvider?.ProviderDetails).toMatchObject({ IDPInit: 'false', IDPSignout: 'false' });
    for (const path of ['/saml2/idpresponse', '/oauth2/idpresponse']) {
      const body = new URLSearchParams({
        SAMLResponse: 'PHgvPg==',
        RelayState: 'unasked',
        code: 'c',
        state: 'unasked',
      });
      const answer = await fetch(lab.hosted.url + path, { method: 'POST', body, redirect: 'manual' });
      expect(answer.headers.get('location') ?? '').not.toContain('code=');
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('a user whom another company’s provider signs in', () => {
  it('is linked to no second one, whoever the domain of its address belongs to by now', async () => {
    const [acme, other] = [await company(), await company()];
    const email = `ada@${acme.domain}`;
    const own = await signedUp(email);
    const { sub } = claimsOf(own.access_token);
    await arrive(acme.name, email).catch(() => undefined);
    // The domain goes to another company, and the user is no member of any.
    await removeDomain(tables(), acme.domain, ownerOf(acme.tenant.tenantId));
    await verified(other.tenant.tenantId, acme.domain);
    const claims = claimsOf((await arrive(other.name, email)).access_token);
    expect(claims).toMatchObject({ tenantId: other.tenant.tenantId, role: 'member' });
    expect(claims.sub).not.toBe(sub);
    // What the first provider says of the user gives it nothing of the other company.
    const turned = claimsOf((await arrive(acme.name, email)).access_token);
    expect(turned.sub).toBe(sub);
    expect(turned.tenantId).toBeUndefined();
  });
});

describe('a provider that is a duty', () => {
  it('ends sessions from before of users that have both ways, when it becomes one and when they are linked later', async () => {
    const { tenant, domain, name } = await company();
    const { tenantId } = tenant;
    const [olga, ada, late] = [
      await signedUp(`olga@${domain}`),
      await signedUp(`ada@${domain}`),
      await signedUp(`late@${domain}`),
    ];
    for (const [{ access_token }, role] of [
      [olga, 'owner'],
      [ada, 'admin'],
      [late, 'member'],
    ] as const) {
      await join(access_token, tenantId, role);
    }
    for (const email of [`olga@${domain}`, `ada@${domain}`]) {
      await expect(arrive(name, email)).rejects.toThrow('sso-linked');
      await arrive(name, email);
    }
    const refresh = ({ refresh_token = '' }) => lab.visitor().refresh(refresh_token);
    await refresh(ada);
    const failing: IdentityPool = { ...pool, signOut: async () => Promise.reject(new Error('lost')) };
    const change = (used: IdentityPool) =>
      changeProvider(tables(), { pool: used, change: { enforced: true } }, ownerOf(tenantId));
    await expect(change(failing)).rejects.toThrow('lost');
    await refresh(ada);
    await change(pool);
    await expect(refresh(ada)).rejects.toThrow();
    await refresh(olga);
    await expect(arrive(name, `late@${domain}`)).rejects.toThrow('sso-linked');
    const byProvider = await arrive(name, `late@${domain}`);
    await expect(refresh(late)).rejects.toThrow();
    await refresh(byProvider);
    // Neither a company of its own nor another address opens the way for somebody who is linked.
    await join(ada.access_token, (await company()).tenant.tenantId, 'owner');
    const signIn = (email: string) => lab.visitor().signIn(email, PASSWORD);
    await expect(signIn(`ada@${domain}`)).rejects.toThrow();
    await changeAddress(`ada@${domain}`, `ada-${serial}@elsewhere.test`);
    await expect(signIn(`ada-${serial}@elsewhere.test`)).rejects.toThrow();
    await signIn(`olga@${domain}`);
  });

  it('refuses passwords of its domains but those of owners, new accounts, and sessions from before', async () => {
    const { tenant, domain, name } = await company();
    const change = () => changeProvider(tables(), { pool, change: { enforced: true } }, ownerOf(tenant.tenantId));
    await expect(change()).rejects.toMatchObject({ code: 'conflict' });
    const [olga, ada] = [await signedUp(`olga@${domain}`), await signedUp(`ada@${domain}`)];
    await join(olga.access_token, tenant.tenantId, 'owner');
    await join(ada.access_token, tenant.tenantId, 'member');
    await arrive(name, `grace@${domain}`);
    await change();
    const visitor = lab.visitor();
    await visitor.exchange(await visitor.signIn(`olga@${domain}`, PASSWORD));
    await expect(lab.visitor().signIn(`ada@${domain}`, PASSWORD)).rejects.toThrow();
    await expect(lab.visitor().refresh(ada.refresh_token ?? '')).rejects.toThrow('signs in with its own provider');
    await expect(signedUp(`new@${domain}`)).rejects.toThrow();
    await signedUp('somebody@elsewhere.test');
    // Nor is another address a way around it, for somebody who had one of the domain.
    await changeAddress(`ada@${domain}`, `ada-${serial}@elsewhere.test`);
    await expect(lab.visitor().refresh(ada.refresh_token ?? '')).rejects.toThrow('signs in with its own provider');
  });

  it('takes nobody out of other companies: a password leads into those, and into its own no more', async () => {
    const [acme, other] = [await company(), await company()];
    const email = `bob@${acme.domain}`;
    const bob = await signedUp(email);
    await join(bob.access_token, acme.tenant.tenantId, 'member');
    await join(bob.access_token, other.tenant.tenantId, 'owner');
    await arrive(acme.name, `grace@${acme.domain}`);
    const { tenantId } = acme.tenant;
    await changeProvider(tables(), { pool, change: { enforced: true } }, ownerOf(tenantId));
    const { sub } = claimsOf(bob.access_token) as { sub: string };
    const asActive = async (active: TenantId) => {
      await setActiveTenant(control(), sub, active);
      const visitor = lab.visitor();
      return claimsOf((await visitor.exchange(await visitor.signIn(email, PASSWORD))).access_token);
    };
    expect(await asActive(other.tenant.tenantId)).toMatchObject({ tenantId: other.tenant.tenantId, role: 'owner' });
    const claims = await asActive(tenantId);
    expect([claims.userId, claims.tenantId, claims.role]).toEqual([expect.any(String), undefined, undefined]);
  });
});

describe('a verified domain whose text record is looked for again', () => {
  const day = 24 * 3600 * 1000;
  const start = Date.now();
  const later = (days: number) => new Date(start + days * day);
  const recheck = (tenant: Tenant, at: Date, lookUp: LookUpText) =>
    recheckDomains(tables(), { tenant, recordLabel: '_x', lookUp }, at);
  const rowsOf = async (tenantId: TenantId, part: string) =>
    (await stores.rows('Control')).filter(({ pk }) => pk === `TENANT#${tenantId}#${part}`);
  const auditOf = async (tenantId: TenantId) =>
    (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`).map(({ action }) => action);

  it('stays the company’s while its name servers do not answer, and is looked at once a day', async () => {
    const { tenant, domain } = await company();
    let asked = 0;
    const silent: LookUpText = async () => {
      asked += 1;
      throw new DomainError('unavailable', 'No answer.');
    };
    expect(await recheck(tenant, later(0.9), silent)).toEqual([]);
    expect(await recheck(tenant, later(1.1), silent)).toEqual(['unanswered']);
    expect(await recheck(tenant, later(2), silent)).toEqual([]);
    expect(await recheck(tenant, later(30), silent)).toEqual(['unanswered']);
    expect(asked).toBe(2);
    expect(await signInOf(control(), domain)).toMatchObject({ provider: providerNameOf(tenant.tenantId) });
    await expect(recheck(tenant, later(40), async () => Promise.reject(new Error('a fault of ours')))).rejects.toThrow(
      'a fault of ours',
    );
  });

  it('is the company’s for a week without it, tells the owners once, and is nobody’s afterwards', async () => {
    const { tenant, domain, name } = await company();
    const { tenantId } = tenant;
    const gone: LookUpText = async () => ['something else'];
    expect(await recheck(tenant, later(2), gone)).toEqual(['missing']);
    const [{ missingSince } = {}] = await readDomains(control(), tenantId);
    expect(missingSince).toBe(later(2).toISOString());
    for (const days of [3.1, 5, 8.9]) expect(await recheck(tenant, later(days), gone)).toEqual(['still missing']);
    await arrive(name, `grace@${domain}`);
    expect((await rowsOf(tenantId, 'MAIL')).map(({ kind, facts }) => [kind, facts])).toEqual([
      ['domainMissing', { company: tenant.name, domain, until: later(9).toISOString() }],
    ]);
    expect(await recheck(tenant, later(10), gone)).toEqual(['lapsed']);
    expect(await recheck(tenant, later(20), gone)).toEqual([]);
    await expect(arrive(name, `grace@${domain}`)).rejects.toThrow('may not speak for this mail address');
    expect((await rowsOf(tenantId, 'MAIL')).map(({ kind }) => kind).sort()).toEqual(['domainLapsed', 'domainMissing']);
    expect(await auditOf(tenantId)).toEqual(expect.arrayContaining(['sso.domainRecordMissing', 'sso.domainLapsed']));
    // It can be proven anew, by this company or by another one.
    const another = await storedTenant(stores, { tier: 'premium' });
    await verified(another.tenantId, domain);
    await expect(verified(tenantId, domain)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is the company’s as before when the record is back, whether the clock or somebody looks', async () => {
    const { tenant, domain } = await company();
    const { tenantId } = tenant;
    const [{ token } = { token: '' }] = await readDomains(control(), tenantId);
    const gone: LookUpText = async () => [];
    const back: LookUpText = async () => [token];
    await recheck(tenant, later(2), gone);
    expect(await recheck(tenant, later(4), back)).toEqual(['found again']);
    expect(await recheck(tenant, later(6), back)).toEqual(['there']);
    await recheck(tenant, later(8), gone);
    const check = (lookUp: LookUpText) =>
      verifyDomain(tables(), { domain, recordLabel: '_x', lookUp }, ownerOf(tenantId));
    await expect(check(gone)).rejects.toMatchObject({ code: 'invalid_request' });
    await check(back);
    const [after] = await readDomains(control(), tenantId);
    expect(after).toMatchObject({ status: 'verified' });
    expect(after?.missingSince).toBeUndefined();
    expect(await recheck(tenant, later(30), gone)).toEqual(['missing']);
  });

  it('is the company’s as before when somebody proves it in the moment in which it would lapse', async () => {
    const { tenant, domain } = await company();
    const { tenantId } = tenant;
    const [{ token } = { token: '' }] = await readDomains(control(), tenantId);
    await recheck(tenant, later(2), async () => []);
    const provenMeanwhile: LookUpText = async () => {
      const context = { ...ownerOf(tenantId), at: later(10) };
      await verifyDomain(tables(), { domain, recordLabel: '_x', lookUp: async () => [token] }, context);
      return [];
    };
    expect(await recheck(tenant, later(10), provenMeanwhile)).toEqual(['found again']);
    expect(await readDomains(control(), tenantId)).toMatchObject([{ status: 'verified' }]);
    expect(await signInOf(control(), domain)).toMatchObject({ provider: providerNameOf(tenantId) });
  });

  it('is let go of by a retry when the first try broke off half-way', async () => {
    const { tenant, domain } = await company();
    await recheck(tenant, later(2), async () => []);
    await releaseDomain(control(), tenant.tenantId, domain);
    expect(await recheck(tenant, later(10), async () => [])).toEqual(['lapsed']);
    expect(await readDomains(control(), tenant.tenantId)).toMatchObject([{ status: 'pending' }]);
  });
});

describe('setting it up', () => {
  it('gives a domain to one company, until that lets go of it', async () => {
    const [{ tenant: acme }, other] = [await company(), await storedTenant(stores)];
    await verified(acme.tenantId, 'one.example.net');
    await expect(verified(other.tenantId, 'one.example.net')).rejects.toMatchObject({ code: 'conflict' });
    await removeDomain(tables(), 'one.example.net', ownerOf(acme.tenantId));
    await verified(other.tenantId, 'one.example.net');
  });

  it('holds no domain for a company that let go of it while its record was looked for', async () => {
    const [acme, other] = [await company(), await storedTenant(stores)];
    const context = ownerOf(acme.tenant.tenantId);
    const [domain, recordLabel] = ['two.example.net', '_x'];
    const { token } = await claimDomain(tables(), domain, context);
    const lookUp = async () => {
      await removeDomain(tables(), domain, context);
      return [token];
    };
    await expect(verifyDomain(tables(), { domain, recordLabel, lookUp }, context)).rejects.toMatchObject({
      code: 'not_found',
    });
    await verified(other.tenantId, domain);
  });

  it('keeps the domain that the only owners come in with', async () => {
    const { tenant, domain, name } = await company();
    const { tenantId } = tenant;
    const { sub, userId } = claimsOf((await arrive(name, `grace@${domain}`)).access_token) as {
      sub: string;
      userId: `usr_${string}`;
    };
    const rows = (await stores.rows('Control')).filter(
      ({ pk, sk, role }) => pk === `TENANT#${tenantId}` && String(sk).startsWith('MEMBER#') && role === 'owner',
    );
    await stores.put('Control', {
      ...controlKeys.member(tenantId, userId),
      sub,
      email: `grace@${domain}`,
      role: 'owner',
      joinedAt: '2026-01-01T00:00:00.000Z',
    });
    for (const { pk, sk } of rows) {
      await control().client.send(new DeleteCommand({ TableName: 'Control', Key: { pk, sk } }));
    }
    const remove = (which: string) => removeDomain(tables(), which, ownerOf(tenantId));
    await verified(tenantId, `also.${domain}`);
    await remove(`also.${domain}`);
    await expect(remove(domain)).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'domain' }] });
    expect(await signInOf(control(), domain)).toMatchObject({ provider: name });
    await stores.put('Control', ...rows);
    await remove(domain);
  });

  it('says which field the pool cannot use', async () => {
    const nowhere = `http://localhost:${port}`;
    for (const [field, details] of [
      ['issuer', { ...detailsOf('acme'), issuer: nowhere }],
      ['metadataUrl', { kind: 'saml', metadataUrl: nowhere }],
      ['metadata', { kind: 'saml', metadata: '<x/>' }],
    ] as const) {
      const saved = pool.save(providerNameOf(newId('tenant')), details);
      await expect(saved, field).rejects.toMatchObject({ code: 'invalid_request', fields: [{ field }] });
    }
  });

  it('leaves a provider that the pool refuses as it was, and ends one that failed half-way by a retry', async () => {
    const { tenant } = await company();
    const other = await storedTenant(stores, { tier: 'premium' });
    const refused = { ...pool, save: async () => Promise.reject(new DomainError('invalid_request', 'No.')) };
    const failing = { ...pool, save: async () => Promise.reject(new Error('lost')) };
    const trustedOrigin = `http://localhost:${port}`;
    const details = detailsOf('acme');
    for (const { tenantId } of [tenant, other]) {
      const by = (used: IdentityPool) =>
        saveProvider(tables(), { details, pool: used, trustedOrigin }, ownerOf(tenantId));
      await expect(by(refused)).rejects.toThrow('No.');
      expect((await readSso(control(), tenantId)).provider?.status).toBe(
        tenantId === tenant.tenantId ? 'ready' : undefined,
      );
      await expect(by(failing)).rejects.toThrow('lost');
      expect((await readSso(control(), tenantId)).provider?.status).toBe('saving');
      await by(pool);
      expect((await readSso(control(), tenantId)).provider?.status).toBe('ready');
    }
  });

  it('at several companies at once leaves all of them on offer', async () => {
    const tenants = [];
    for (let i = 0; i < 6; i += 1) tenants.push(await storedTenant(stores, { tier: 'premium' }));
    await Promise.all(tenants.map(({ tenantId }) => save(tenantId)));
    for (const { tenantId } of tenants) {
      const page = await lab.visitor().open('/oauth2/authorize', { identity_provider: providerNameOf(tenantId) });
      expect(page.returned?.get('error')).toBeNull();
    }
  });

  it('is undone with whoever came to be by it, and when the company is deleted', async () => {
    const [acme, leaving] = [await company(), await company()];
    const email = `ada@${acme.domain}`;
    const own = await signedUp(email);
    await join(own.access_token, acme.tenant.tenantId, 'member');
    await arrive(acme.name, email).catch(() => undefined);
    await arrive(acme.name, email);
    const grace = claimsOf((await arrive(acme.name, `grace@${acme.domain}`)).access_token);
    await removeProvider(tables(), pool, ownerOf(acme.tenant.tenantId));
    expect(await readSso(control(), acme.tenant.tenantId)).toMatchObject({ provider: undefined, people: [] });
    const members = (await stores.rows('Control')).filter(
      ({ pk, sk }) => pk === `TENANT#${acme.tenant.tenantId}` && String(sk).startsWith('MEMBER#'),
    );
    expect(members.map(({ sub }) => sub)).not.toContain(grace.sub);
    await expect(arrive(acme.name, email)).rejects.toThrow('does not offer');
    const visitor = lab.visitor();
    await visitor.exchange(await visitor.signIn(email, PASSWORD));

    await arrive(leaving.name, `grace@${leaving.domain}`);
    for (let run = 0; run < 2; run += 1) {
      await endSso({ owned: control(), registry: control() }, pool, leaving.tenant.tenantId);
    }
    expect(await signInOf(control(), leaving.domain)).toEqual({ provider: null, enforced: false });
    await expect(arrive(leaving.name, `grace@${leaving.domain}`)).rejects.toThrow('does not offer');
  });
});
