import { randomBytes } from 'node:crypto';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table, wasTransacted, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { readMembers } from '../identity/roster.ts';
import { releaseDomain } from './domain-owner.ts';
import { domainsMax } from './limits.ts';
import { domainOf, recordNameOf } from './mail-domain.ts';
import { type ClaimedDomain, readSso, type SsoSettings } from './settings.ts';

export interface SsoTables {
  /** With the company's own credentials. */
  readonly control: Table;
  readonly auditTable: string;
}

export interface SsoContext {
  readonly actor: MemberActor;
  readonly at: Date;
}

/** Looks up the text records of a name; an empty list where there are none. @throws {DomainError} `unavailable` */
export type LookUpText = (name: string) => Promise<readonly string[]>;

const taken = (domain: string): DomainError =>
  new DomainError('conflict', `The domain ${domain} belongs to another company here.`, {
    fields: [{ field: 'domain', message: 'belongs to another company' }],
  });

const unknown = (): DomainError => new DomainError('not_found', 'The company has not claimed such a domain.');

function claimIn({ domains }: SsoSettings, domain: string): ClaimedDomain {
  const found = domains.find((candidate) => candidate.domain === domain);
  if (!found) throw unknown();
  return found;
}

/**
 * Claims a mail domain. It counts for nothing before it is verified, so that claiming takes it from nobody. Claimed again, it stays as it is.
 * @throws {DomainError} `limit_reached`, `conflict`
 */
export async function claimDomain(
  { control, auditTable }: SsoTables,
  domain: string,
  { actor, at }: SsoContext,
): Promise<ClaimedDomain> {
  const { tenantId } = actor;
  const { domains } = await readSso(control, tenantId);
  const before = domains.find((candidate) => candidate.domain === domain);
  if (before) return before;
  if (domains.length >= domainsMax) {
    throw new DomainError('limit_reached', `A company has at most ${domainsMax} domains.`, {
      limit: { name: 'domains', used: domains.length, allowed: domainsMax },
    });
  }
  const claimed: ClaimedDomain = {
    domain,
    status: 'pending',
    token: `tenantry-verification=${randomBytes(24).toString('base64url')}`,
    claimedAt: at.toISOString(),
  };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.ssoDomain(tenantId, domain), ...claimed },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          auditItem(auditTable, { tenantId, actor, action: 'sso.domainClaimed', details: { domain }, at }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw new DomainError('conflict', 'Somebody else claimed this domain at the same time; try again.', {
      cause: error,
    });
  }
  return claimed;
}

/**
 * Makes a claimed domain the company's, when its text record holds what the claim says. Verified again, it stays as it is, unless its record was
 * missing meanwhile.
 * @param owned the table with a role that may write who owns a domain
 * @throws {DomainError} `not_found`, `invalid_request` without the record, `conflict` when another company has it, `unavailable`
 */
export async function verifyDomain(
  { control, auditTable, owned }: SsoTables & { readonly owned: Table },
  wanted: { readonly domain: string; readonly recordLabel: string; readonly lookUp: LookUpText },
  { actor, at }: SsoContext,
): Promise<ClaimedDomain> {
  const { tenantId } = actor;
  const { domain, recordLabel, lookUp } = wanted;
  const found = claimIn(await readSso(control, tenantId), domain);
  if (found.status === 'verified' && !found.missingSince) return found;
  const name = recordNameOf(recordLabel, domain);
  if (!(await lookUp(name)).includes(found.token)) {
    throw new DomainError('invalid_request', `There is no text record ${name} with this value yet.`, {
      fields: [{ field: 'domain', message: 'has no such text record' }],
    });
  }
  const { missingSince: _, ...claim } = found;
  const verified: ClaimedDomain = { ...claim, status: 'verified', verifiedAt: found.verifiedAt ?? at.toISOString() };
  // First who owns it, since that is what can be refused; a retry after a lost answer finds it the company's already.
  const isOwn = await wasWritten(
    owned.client.send(
      new PutCommand({
        TableName: owned.name,
        Item: {
          ...controlKeys.mailDomain(domain),
          domain,
          tenantId,
          verifiedAt: verified.verifiedAt,
          provedAt: at.toISOString(),
        },
        ConditionExpression: 'attribute_not_exists(pk) OR tenantId = :tenantId',
        ExpressionAttributeValues: { ':tenantId': tenantId },
      }),
    ),
  );
  if (!isOwn) throw taken(domain);
  const isClaimed = await wasTransacted(
    control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.ssoDomain(tenantId, domain),
              UpdateExpression: 'SET #status = :verified, verifiedAt = :at REMOVE missingSince',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':verified': 'verified', ':at': verified.verifiedAt },
            },
          },
          auditItem(auditTable, { tenantId, actor, action: 'sso.domainVerified', details: { domain }, at }),
        ],
      }),
    ),
  );
  if (isClaimed) return verified;
  // Somebody let go of it meanwhile. A domain that no claim leads to would be the company's for good.
  await releaseDomain(owned, tenantId, domain);
  throw unknown();
}

/**
 * Whoever came to be by the provider has no other way in than an address of a verified domain; where that is so of all owners, nobody could take the
 * domain back.
 * @throws {DomainError} `conflict`
 */
async function assertOwnerComesIn(control: Table, { people }: SsoSettings, { actor }: SsoContext, domain: string) {
  const withoutPassword = new Set(people.filter(({ linked }) => !linked).map(({ sub }) => sub));
  const owners = (await readMembers(control, actor.tenantId)).filter(({ role }) => role === 'owner');
  if (owners.some(({ sub, email }) => !withoutPassword.has(sub) || domainOf(email) !== domain)) return;
  throw new DomainError('conflict', 'No owner would come in any more: make somebody one who has a password.', {
    fields: [{ field: 'domain', message: 'is that of all owners' }],
  });
}

/**
 * Lets go of a domain: from then on nobody comes by the provider with an address of it.
 * @throws {DomainError} `not_found`, `conflict` when no owner could sign in any more
 */
export async function removeDomain(
  { control, auditTable, owned }: SsoTables & { readonly owned: Table },
  domain: string,
  context: SsoContext,
): Promise<void> {
  const { actor, at } = context;
  const { tenantId } = actor;
  const settings = await readSso(control, tenantId);
  claimIn(settings, domain);
  await assertOwnerComesIn(control, settings, context, domain);
  await releaseDomain(owned, tenantId, domain);
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        { Delete: { TableName: control.name, Key: controlKeys.ssoDomain(tenantId, domain) } },
        auditItem(auditTable, { tenantId, actor, action: 'sso.domainRemoved', details: { domain }, at }),
      ],
    }),
  );
  // Once more, since somebody may have looked for its record in between.
  await releaseDomain(owned, tenantId, domain);
}
