import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createProbeKey } from '@tenantry/core/apikey/probe-key';
import { pageHeader } from '@tenantry/core/contract/page-header';
import { controlKeys, statusIndex } from '@tenantry/core/control/keys';
import { isTenantId, newId, type TenantId } from '@tenantry/core/ids/id';
import { HostedUiVisitor } from '@tenantry/local/cognito/hosted/visitor';
import { type Person, until } from '@tenantry/local/demo/journey';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { exportAll } from '../../support/exports.ts';
import { invitationTokenFor, join } from '../../support/members.ts';
import { claimsOf, signedByPool } from '../../support/pool-token.ts';
import { startReceiver } from '../../support/receiver.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';
import type { ActorName } from './actors.ts';
import type { TenantFixture } from './requests.ts';

/** What an actor sends to be known; undefined sends nothing. */
export type Credentials = Readonly<Record<string, string>>;

export interface World {
  readonly test: TestCloud;
  readonly A: TenantFixture;
  readonly B: TenantFixture;
  readonly credentials: Readonly<Record<ActorName, Credentials>>;
  readonly stripeSecret: string;
}

const tenantIdOf = (text: string): TenantId => {
  if (!isTenantId(text)) throw new Error(`${text} is no tenant id`);
  return text;
};

async function update(test: TestCloud, key: object, expression: string, values: Record<string, unknown>) {
  await rootClient(test.cloud).send(
    new UpdateCommand({
      TableName: tableName(test.cloud, 'Control'),
      Key: key as Record<string, unknown>,
      UpdateExpression: expression,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: values,
    }),
  );
}

/** Shoppers, items and key names are the same in every tenant, but for one of each that tells whose an answer is. */
async function fill(
  test: TestCloud,
  person: Person,
  label: string,
  company: { tenantId: string; slug: string; name: string },
) {
  const key = await person.createKey('secret');
  const ownShopper = `shopper-of-${label}`;
  const ownItem = `item-of-${label}`;
  const events = Array.from({ length: 48 }, (_, i) => ({
    id: newId('event'),
    shopperId: i < 6 ? ownShopper : `shopper-${i % 8}`,
    itemId: i % 6 === 0 ? ownItem : `item-${i % 5}`,
    type: 'view',
  }));
  await person.api('collectEvents', { bearer: key, body: { events } });
  await until('the archive', async () => {
    const { archivedEvents } = await person.api('getActivity', { bearer: person.accessToken });
    return archivedEvents >= events.length ? true : undefined;
  });
  await person.api('trainModel', { bearer: person.accessToken });
  const model = await until('the model', async () => {
    const { models } = await person.api('listModels', { bearer: person.accessToken });
    return models.find(({ serving }) => serving);
  });
  const { apiKeys } = await person.api('listApiKeys', { bearer: person.accessToken });
  const { cursor } = await person.api('listAudit', { bearer: person.accessToken, query: { limit: '1' } });
  const fixture: TenantFixture = {
    ...company,
    keyId: apiKeys[0]?.id ?? '',
    cursor: cursor ?? '',
    exportId: await exportAll(person),
    ...(await inviteSomebody(test, person)),
    domain: await verifiedDomain(test, company),
    eventId: events[0]?.id ?? '',
    ownShopper,
    ownItem,
    modelVersion: model.version,
    ...(await toldWebhook(person)),
  };
  return { key, fixture };
}

/** A webhook of a company that was told something, and that nothing more is sent to. */
async function toldWebhook(owner: Person) {
  const receiver = await startReceiver();
  try {
    const { webhook } = await owner.api('createWebhook', {
      bearer: owner.accessToken,
      body: { url: receiver.url, events: ['tenant.deactivated'] },
    });
    const params = { webhookId: webhook.id };
    const { messageId } = await owner.api('testWebhook', { bearer: owner.accessToken, params });
    await until('the test event', async () => {
      const { deliveries } = await owner.api('listDeliveries', { bearer: owner.accessToken, params });
      return deliveries.find(({ status }) => status === 'delivered');
    });
    return { webhookId: webhook.id, messageId };
  } finally {
    await receiver.close();
  }
}

/** An open invitation of a company, to somebody who never comes. */
async function inviteSomebody(test: TestCloud, owner: Person) {
  const email = `${unique('nobody')}@example.com`;
  const { id: ownerId } = await owner.api('getMe', { bearer: owner.accessToken });
  const { id: invitationId } = await owner.api('inviteUser', {
    bearer: owner.accessToken,
    body: { email, role: 'viewer' },
  });
  return { ownerId, invitationId, invitationToken: await invitationTokenFor(test, email) };
}

/** A mail domain of a company, as a claim and its record leave it. */
async function verifiedDomain(test: TestCloud, { tenantId, slug }: { tenantId: string; slug: string }) {
  const domain = `${slug}.example.net`;
  const at = new Date().toISOString();
  const put = (Item: Record<string, unknown>) =>
    rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, 'Control'), Item }));
  const claim = { domain, status: 'verified', token: 'tenantry-verification=x', claimedAt: at, verifiedAt: at };
  await put({ ...controlKeys.ssoDomain(tenantIdOf(tenantId), domain), ...claim });
  await put({ ...controlKeys.mailDomain(domain), domain, tenantId, verifiedAt: at });
  return domain;
}

async function company(test: TestCloud, label: string, tier: 'standard' | 'premium') {
  const person = await test.signUp();
  const slug = unique(`company-${label}`);
  const name = `Company of ${label}`;
  const { tenantId, checkoutUrl } = await person.register({ name, slug, tier });
  return { person, tenantId, slug, name, checkoutUrl };
}

async function activeCompany(test: TestCloud, label: string, tier: 'standard' | 'premium') {
  const made = await company(test, label, tier);
  await made.person.pay(made.checkoutUrl);
  await made.person.onboarded();
  return made;
}

/** An id token of the person, who signs in for it. */
async function idTokenOf(test: TestCloud, person: Person): Promise<string> {
  const visitor = new HostedUiVisitor({
    hostedUiUrl: test.instance.loginUrl,
    clientId: test.instance.clientId,
    redirectUri: `${test.instance.siteUrl}/auth/callback`,
    scopes: ['openid', 'email'],
  });
  const tokens = await visitor.exchange(await visitor.signIn(person.email, 'Correct-horse-7-battery'));
  return String(tokens.id_token);
}

async function forgeries(test: TestCloud, owner: Person, viewer: Person, other: string) {
  const claims = claimsOf(owner.accessToken);
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = String(JSON.parse(Buffer.from(owner.accessToken.split('.')[0] ?? '', 'base64url').toString()).kid);
  const strange = (header: object) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
  const jwk = await exportJWK(publicKey);
  const bearer = (token: string): Credentials => ({ authorization: `Bearer ${token}` });
  const byPool = async (change: JWTPayload, base = claims) => bearer(await signedByPool(test, { ...base, ...change }));
  const [, payload] = owner.accessToken.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  return {
    'token of the owner of A signed by a stranger': bearer(await strange({})),
    'token of the owner of A without a signature': bearer(`${none}.${payload}.`),
    'token of the owner of A with its signer’s key in the header': bearer(await strange({ jwk })),
    'token of another user pool': await byPool({
      iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_another1',
    }),
    'expired token of the owner of A': await byPool({ exp: Math.floor(Date.now() / 1000) - 60 }),
    'id token of the owner of A': bearer(await idTokenOf(test, owner)),
    'token of the owner of A that names B': await byPool({ tenantId: other }),
    'token of the viewer of A that says owner': await byPool(
      { role: 'owner', tier: 'enterprise', status: 'active', 'cognito:roles': ['operators'] },
      claimsOf(viewer.accessToken),
    ),
  } satisfies Partial<Record<ActorName, Credentials>>;
}

/** Two tenants whose ids overlap, others in every other state, and everybody who may turn up at a route. */
export async function createWorld(): Promise<World> {
  const test = await startTestCloud();
  const [a, b, suspended, deleted, unpaid, starting, operator, impersonator, former] = await Promise.all([
    activeCompany(test, 'a', 'standard'),
    activeCompany(test, 'b', 'premium'),
    activeCompany(test, 's', 'standard'),
    activeCompany(test, 'd', 'standard'),
    company(test, 'p', 'standard'),
    company(test, 'o', 'standard'),
    test.operator(),
    test.operator(),
    test.operator(),
  ]);
  const [ofA, ofB] = await Promise.all([fill(test, a.person, 'a', a), fill(test, b.person, 'b', b)]);

  const members = await Promise.all(
    (['admin', 'member', 'viewer'] as const).map(async (role) => {
      const person = await test.signUp();
      await join(test, person, a.tenantId, role);
      await person.refresh();
      return [role, person] as const;
    }),
  );
  const byRole = Object.fromEntries(members) as Record<'admin' | 'member' | 'viewer', Person>;

  const both = await test.signUp();
  await join(test, both, b.tenantId, 'admin');
  await join(test, both, a.tenantId, 'admin');
  await both.api('setActiveTenant', { bearer: both.accessToken, body: { tenantId: a.tenantId } });
  await both.refresh();

  const gone = await test.signUp();
  await join(test, gone, a.tenantId, 'admin');
  await gone.refresh();
  const goneToken = gone.accessToken;
  await removeMember(test, goneToken, a.tenantId);

  const suspendedKey = await suspended.person.createKey('secret');
  const deletedKey = await deleted.person.createKey('secret');
  await operator.api('suspendTenant', {
    bearer: operator.accessToken,
    params: { tenantId: suspended.tenantId },
    body: { reason: 'For the isolation suite' },
  });
  await update(test, controlKeys.tenant(tenantIdOf(deleted.tenantId)), 'SET #status = :deleted, gsi1pk = :index', {
    ':deleted': 'deleted',
    ':index': statusIndex.key('deleted', '').gsi1pk,
  });

  await update(
    test,
    controlKeys.tenant(tenantIdOf(starting.tenantId)),
    'SET #status = :provisioning, gsi1pk = :index',
    {
      ':provisioning': 'provisioning',
      ':index': statusIndex.key('provisioning', '').gsi1pk,
    },
  );

  const impersonate = async (person: Person) => {
    await person.api('startImpersonation', {
      bearer: person.accessToken,
      body: { tenantId: a.tenantId, reason: 'For the isolation suite' },
    });
    await person.refresh();
  };
  await impersonate(impersonator);
  await impersonate(former);
  const formerToken = former.accessToken;
  await former.api('endImpersonation', { bearer: formerToken, params: { tenantId: a.tenantId } });

  const publishable = await a.person.createKey('publishable');
  const revoked = await a.person.createKey('secret');
  const { apiKeys } = await a.person.api('listApiKeys', { bearer: a.person.accessToken });
  const keyId = apiKeys.find(({ hint }) => hint.endsWith(revoked.slice(-4)))?.id ?? '';
  await a.person.api('revokeApiKey', { bearer: a.person.accessToken, params: { keyId } });

  const bearer = (token: string): Credentials => ({ authorization: `Bearer ${token}` });
  const control = { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') };
  /** Kept long enough for the whole suite. */
  const probeOf = ({ tenantId }: { tenantId: string }) =>
    createProbeKey(control, tenantIdOf(tenantId), new Date(Date.now() + 3_600_000));
  const removed = await probeOf(b);
  await removed.remove();
  const { secret: probe } = await probeOf(a);
  const [kind, , random] = ofA.key.split('_');
  const credentials: Record<ActorName, Credentials> = {
    'anonymous caller': {},
    'caller with a garbage header': { authorization: 'Bearer \u00a0..;--' },
    'owner of A': bearer(a.person.accessToken),
    'admin of A': bearer(byRole.admin.accessToken),
    'member of A': bearer(byRole.member.accessToken),
    'viewer of A': bearer(byRole.viewer.accessToken),
    'user of A and B, active in A': bearer(both.accessToken),
    'owner of a suspended tenant': bearer(suspended.person.accessToken),
    'owner of a deleted tenant': bearer(deleted.person.accessToken),
    'owner of an unpaid tenant': bearer(unpaid.person.accessToken),
    'user without a tenant': bearer((await test.signUp()).accessToken),
    'former member of A': bearer(goneToken),
    operator: bearer(operator.accessToken),
    'operator impersonating A': bearer(impersonator.accessToken),
    'operator whose impersonation of A ended': bearer(formerToken),
    'publishable key of A': bearer(publishable),
    'secret key of A': bearer(ofA.key),
    'revoked key of A': bearer(revoked),
    'key of a suspended tenant': bearer(suspendedKey),
    'key of a deleted tenant': bearer(deletedKey),
    'key of A with the id of B in it': bearer(`${kind}_${b.tenantId.slice('ten_'.length)}_${random}`),
    'probe of A': bearer(probe),
    'probe of a tenant that is set up': bearer((await probeOf(starting)).secret),
    'probe of a suspended tenant': bearer((await probeOf(suspended)).secret),
    'probe of an unpaid tenant': bearer((await probeOf(unpaid)).secret),
    'probe that is over': bearer(removed.secret),
    'key of A that says it is a probe': bearer(ofA.key.replace(/^sk_/, 'probe_')),
    'probe of A that says it is a key': bearer(probe.replace(/^probe_/, 'sk_')),
    Stripe: {},
    'page of the site': { origin: test.instance.siteUrl, [pageHeader.name]: pageHeader.value },
    'page of another origin': { origin: 'https://shop.example', [pageHeader.name]: pageHeader.value },
    ...(await forgeries(test, a.person, byRole.viewer, b.tenantId)),
  };
  const stripeSecret = test.cloud.graph.functions.find(({ handler }) => handler.includes('stripe-webhook'))?.environment
    .STRIPE_WEBHOOK_SECRET;
  return { test, A: ofA.fixture, B: ofB.fixture, credentials, stripeSecret: stripeSecret ?? '' };
}

/** Lets a member go, while its token lives on. */
async function removeMember(test: TestCloud, token: string, tenant: string): Promise<void> {
  const tenantId = tenantIdOf(tenant);
  const { sub, userId } = claimsOf(token);
  for (const Key of [controlKeys.member(tenantId, String(userId)), controlKeys.membership(String(sub), tenantId)]) {
    await rootClient(test.cloud).send(new DeleteCommand({ TableName: tableName(test.cloud, 'Control'), Key }));
  }
}
