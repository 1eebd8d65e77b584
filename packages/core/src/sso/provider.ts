import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { removeMember } from '../identity/member-changes.ts';
import { readMembers } from '../identity/roster.ts';
import type { TenantId } from '../ids/id.ts';
import type { SsoContext, SsoTables } from './domains.ts';
import type { IdentityPool, ProviderDetails } from './identity-pool.ts';
import type { ArrivalRole } from './limits.ts';
import { assertPublicAddress } from './provider-address.ts';
import { providerNameOf } from './provider-name.ts';
import { type Provider, readSso, type SsoPerson } from './settings.ts';
import { providerBefore } from './status.ts';

const busy = (): DomainError =>
  new DomainError('conflict', 'The provider is being removed; try again when it is gone.');

const noProvider = (): DomainError => new DomainError('not_found', 'The company has no identity provider.');

/** What the company's row keeps of a provider; of secrets and documents nothing. */
function keptOf(details: ProviderDetails) {
  if (details.kind === 'oidc') return { kind: details.kind, issuer: details.issuer, clientId: details.clientId };
  return { kind: details.kind, ...(details.metadataUrl ? { metadataUrl: details.metadataUrl } : {}) };
}

/** Who somebody is at a provider means nothing at another one, so none takes the place of another under the same name. */
function assertSameProvider(before: Provider, details: ProviderDetails): void {
  const same =
    before.kind === details.kind &&
    (before.kind !== 'oidc' || details.kind !== 'oidc' || before.issuer === details.issuer);
  if (same) return;
  throw new DomainError('conflict', 'This is another provider. Remove the present one first.', {
    fields: [{ field: details.kind === 'oidc' ? 'issuer' : 'kind', message: 'is that of another provider' }],
  });
}

async function setStatus(control: Table, tenantId: TenantId, status: Provider['status'], from: readonly string[]) {
  const names = from.map((_, index) => `:from${index}`);
  return wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.ssoProvider(tenantId),
        UpdateExpression: 'SET #status = :status',
        ConditionExpression: `#status IN (${names.join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':status': status,
          ...Object.fromEntries(names.map((name, index) => [name, from[index]])),
        },
      }),
    ),
  );
}

/** Notes that a provider is being saved. @returns the provider as it was */
async function beginSaving(
  control: Table,
  tenantId: TenantId,
  details: ProviderDetails,
  at: Date,
): Promise<Provider | undefined> {
  const { provider: before } = await readSso(control, tenantId);
  if (before) {
    assertSameProvider(before, details);
    if (!(await setStatus(control, tenantId, 'saving', providerBefore('saving')))) throw busy();
    return before;
  }
  const made = await wasWritten(
    control.client.send(
      new PutCommand({
        TableName: control.name,
        Item: {
          ...controlKeys.ssoProvider(tenantId),
          ...keptOf(details),
          status: 'saving',
          enforced: false,
          defaultRole: 'member',
          savedAt: at.toISOString(),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
  if (!made) throw new DomainError('conflict', 'Somebody else set up a provider at the same time; try again.');
  return undefined;
}

/** What the pool refused changes nothing: the provider is what it was, or is not there. */
async function takeBack(control: Table, tenantId: TenantId, before: Provider | undefined): Promise<void> {
  if (before?.status === 'ready') await setStatus(control, tenantId, 'ready', ['saving']);
  if (before) return;
  await wasWritten(
    control.client.send(
      new DeleteCommand({
        TableName: control.name,
        Key: controlKeys.ssoProvider(tenantId),
        ConditionExpression: '#status = :saving',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':saving': 'saving' },
      }),
    ),
  );
}

/**
 * Sets up a company's provider, or changes how the present one is reached. A failure half-way leaves it "saving", with which nobody signs in, and
 * a retry ends it.
 * @throws {DomainError} `invalid_request`, `conflict`, `limit_reached`, `unavailable`
 */
export async function saveProvider(
  { control, auditTable }: SsoTables,
  wanted: {
    readonly details: ProviderDetails;
    readonly pool: IdentityPool;
    readonly trustedOrigin?: string | undefined;
  },
  { actor, at }: SsoContext,
): Promise<void> {
  const { tenantId } = actor;
  const { details, pool, trustedOrigin } = wanted;
  if (details.kind === 'oidc') assertPublicAddress('issuer', details.issuer, trustedOrigin);
  else if (details.metadataUrl) assertPublicAddress('metadataUrl', details.metadataUrl, trustedOrigin);
  const before = await beginSaving(control, tenantId, details, at);
  try {
    await pool.save(providerNameOf(tenantId), details);
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') await takeBack(control, tenantId, before);
    throw error;
  }
  const kept = Object.entries({ ...keptOf(details), savedAt: at.toISOString() });
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Update: {
            TableName: control.name,
            Key: controlKeys.ssoProvider(tenantId),
            // An address that the metadata are no longer at is not shown any more.
            UpdateExpression: `SET #status = :ready, ${kept.map((_, index) => `#k${index} = :v${index}`).join(', ')}${'metadataUrl' in keptOf(details) ? '' : ' REMOVE metadataUrl'}`,
            ConditionExpression: '#status = :saving',
            ExpressionAttributeNames: {
              '#status': 'status',
              ...Object.fromEntries(kept.map(([name], index) => [`#k${index}`, name])),
            },
            ExpressionAttributeValues: {
              ':ready': 'ready',
              ':saving': 'saving',
              ...Object.fromEntries(kept.map(([, value], index) => [`:v${index}`, value])),
            },
          },
        },
        auditItem(auditTable, { tenantId, actor, action: 'sso.providerSaved', details: keptOf(details), at }),
      ],
    }),
  );
}

/**
 * Ends the sessions of people who have a password as well: the user pool does not tell by which way a session of theirs was begun. Owners keep
 * theirs, as they keep their passwords.
 */
async function endOtherSessions(
  control: Table,
  tenantId: TenantId,
  pool: IdentityPool,
  people: readonly SsoPerson[],
): Promise<void> {
  const members = await readMembers(control, tenantId);
  const owners = new Set(members.filter(({ role }) => role === 'owner').map(({ sub }) => sub));
  for (const person of people) if (person.linked && !owners.has(person.sub)) await pool.signOut(person);
}

/**
 * Changes who must come by the provider, and what newcomers may do. Where it becomes a duty, sessions from before end; asked again, it ends those
 * that a failure half-way has left.
 * @throws {DomainError} `not_found`, `conflict` for making it a duty before anybody came by it
 */
export async function changeProvider(
  { control, auditTable }: SsoTables,
  {
    pool,
    change,
  }: {
    readonly pool: IdentityPool;
    readonly change: { readonly enforced?: boolean | undefined; readonly defaultRole?: ArrivalRole | undefined };
  },
  { actor, at }: SsoContext,
): Promise<void> {
  const { tenantId } = actor;
  const { provider, people } = await readSso(control, tenantId);
  if (provider?.status !== 'ready') throw noProvider();
  if (change.enforced && people.length === 0) {
    throw new DomainError('conflict', 'Sign in by the provider once before it becomes a duty.', {
      fields: [{ field: 'enforced', message: 'takes a first sign-in by the provider' }],
    });
  }
  const { enforced = provider.enforced, defaultRole = provider.defaultRole } = change;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.ssoProvider(tenantId),
              UpdateExpression: 'SET enforced = :enforced, defaultRole = :role',
              ConditionExpression: '#status = :ready',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':enforced': enforced, ':role': defaultRole, ':ready': 'ready' },
            },
          },
          auditItem(auditTable, {
            tenantId,
            actor,
            action: 'sso.settingsChanged',
            details: { enforced: String(enforced), defaultRole },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw new DomainError('conflict', 'The provider changes at the moment; try again.', { cause: error });
  }
  if (change.enforced) await endOtherSessions(control, tenantId, pool, people);
}

/** Somebody who came to be by the provider has no other way in, and leaves the company with it. */
async function partFrom(
  tables: SsoTables & { readonly users: Table },
  pool: IdentityPool,
  person: SsoPerson,
  { actor, at }: SsoContext,
): Promise<void> {
  const { control, auditTable, users } = tables;
  const { tenantId } = actor;
  await pool.part(providerNameOf(tenantId), person);
  if (!person.linked) {
    const members = await readMembers(control, tenantId);
    const member = members.find(({ sub }) => sub === person.sub);
    if (member) await removeMember({ control, auditTable, users }, member.userId, { actor, at });
    await users.client.send(new DeleteCommand({ TableName: users.name, Key: controlKeys.user(person.sub) }));
  }
  await control.client.send(
    new DeleteCommand({ TableName: control.name, Key: controlKeys.ssoPerson(tenantId, person.sub) }),
  );
}

/**
 * Removes a company's provider with whoever came to be by it; users that were linked go on with their passwords. A failure half-way leaves it
 * "removing", with which nobody signs in, and a retry ends it.
 * @throws {DomainError} `not_found`, `conflict` when no owner would be left
 */
export async function removeProvider(
  tables: SsoTables & { readonly users: Table },
  pool: IdentityPool,
  context: SsoContext,
): Promise<void> {
  const { control, auditTable } = tables;
  const { actor, at } = context;
  const { tenantId } = actor;
  const { provider, people } = await readSso(control, tenantId);
  if (!provider) throw noProvider();
  const going = new Set(people.filter(({ linked }) => !linked).map(({ sub }) => sub));
  const members = await readMembers(control, tenantId);
  if (!members.some(({ sub, role }) => role === 'owner' && !going.has(sub))) {
    throw new DomainError('conflict', 'No owner would be left: make somebody one who signs in with a password.');
  }
  await setStatus(control, tenantId, 'removing', providerBefore('removing'));
  await pool.remove(providerNameOf(tenantId));
  for (const person of people) await partFrom(tables, pool, person, context);
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        { Delete: { TableName: control.name, Key: controlKeys.ssoProvider(tenantId) } },
        auditItem(auditTable, { tenantId, actor, action: 'sso.providerRemoved', details: { kind: provider.kind }, at }),
      ],
    }),
  );
}
