import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { mailItem } from '../mail/outbox.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { releaseDomain } from './domain-owner.ts';
import type { LookUpText, SsoTables } from './domains.ts';
import { domainRecheckSeconds } from './limits.ts';
import { recordNameOf } from './mail-domain.ts';
import { type ClaimedDomain, lapsesAt, readDomains } from './settings.ts';

const actor = { kind: 'system', name: 'domain-checks' } as const;

/** What a look at a verified domain came to. `unanswered`: its name servers said neither yes nor no, which changes nothing. */
export type Finding = 'there' | 'found again' | 'missing' | 'still missing' | 'lapsed' | 'unanswered';

interface Look {
  readonly tables: SsoTables & { readonly owned: Table };
  readonly tenant: Tenant;
  readonly at: Date;
}

const isDue = ({ checkedAt, verifiedAt, claimedAt }: ClaimedDomain, at: Date): boolean =>
  at.getTime() - Date.parse(checkedAt ?? verifiedAt ?? claimedAt) >= domainRecheckSeconds * 1000;

/** What a change of a domain's row is written with; `was` refuses it when somebody else changed the row meanwhile. */
async function change(
  { tables: { control, auditTable }, tenant, at }: Look,
  { domain }: ClaimedDomain,
  update: { readonly set: string; readonly was: string; readonly values: Readonly<Record<string, string>> },
  told: {
    readonly action: string;
    readonly mail?: 'domainMissing' | 'domainLapsed';
    readonly until?: string | undefined;
  },
): Promise<boolean> {
  const { tenantId } = tenant;
  const { action, mail, until } = told;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.ssoDomain(tenantId, domain),
              UpdateExpression: update.set,
              ConditionExpression: `#status = :verified AND ${update.was}`,
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':verified': 'verified', ...update.values },
            },
          },
          auditItem(auditTable, { tenantId, actor, action, details: { domain, ...(until ? { until } : {}) }, at }),
          ...(mail
            ? [
                {
                  Put: {
                    TableName: control.name,
                    Item: mailItem(tenantId, {
                      key: `${mail}#${domain}#${at.toISOString()}`,
                      kind: mail,
                      facts: { company: tenant.name, domain, ...(until ? { until } : {}) },
                      createdAt: at.toISOString(),
                    }),
                  },
                },
              ]
            : []),
        ],
      }),
    );
    return true;
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    return false;
  }
}

const noteCheck = ({ tables: { control }, tenant, at }: Look, { domain }: ClaimedDomain): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.ssoDomain(tenant.tenantId, domain),
        UpdateExpression: 'SET checkedAt = :at',
        ConditionExpression: '#status = :verified',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':verified': 'verified', ':at': at.toISOString() },
      }),
    ),
  );

async function foundMissing(look: Look, domain: ClaimedDomain): Promise<Finding> {
  const { tables, tenant, at } = look;
  const until = lapsesAt(domain);
  if (!until) {
    const since = at.toISOString();
    const update = {
      set: 'SET missingSince = :at, checkedAt = :at',
      was: 'attribute_not_exists(missingSince)',
      values: { ':at': since },
    };
    const told = { action: 'sso.domainRecordMissing', until: lapsesAt({ missingSince: since }) };
    await change(look, domain, update, { ...told, mail: 'domainMissing' });
    return 'missing';
  }
  if (Date.parse(until) > at.getTime()) {
    await noteCheck(look, domain);
    return 'still missing';
  }
  // First nobody is believed any more, unless somebody has just proven it; a retry after a lost answer finds the row as it was, and tells of it then.
  await releaseDomain(tables.owned, tenant.tenantId, domain.domain, domain.missingSince);
  const update = {
    set: 'SET #status = :pending, checkedAt = :at REMOVE verifiedAt, missingSince',
    was: 'attribute_exists(missingSince)',
    values: { ':pending': 'pending', ':at': at.toISOString() },
  };
  const isLapsed = await change(look, domain, update, { action: 'sso.domainLapsed', mail: 'domainLapsed' });
  return isLapsed ? 'lapsed' : 'found again';
}

async function lookAt(
  look: Look,
  domain: ClaimedDomain,
  { recordLabel, lookUp }: { readonly recordLabel: string; readonly lookUp: LookUpText },
): Promise<Finding> {
  let records: readonly string[];
  try {
    records = await lookUp(recordNameOf(recordLabel, domain.domain));
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'unavailable')) throw error;
    await noteCheck(look, domain);
    return 'unanswered';
  }
  if (!records.includes(domain.token)) return foundMissing(look, domain);
  if (!domain.missingSince) {
    await noteCheck(look, domain);
    return 'there';
  }
  const update = {
    set: 'SET checkedAt = :at REMOVE missingSince',
    was: 'attribute_exists(missingSince)',
    values: { ':at': look.at.toISOString() },
  };
  await change(look, domain, update, { action: 'sso.domainRecordFound' });
  return 'found again';
}

/**
 * Looks for the text records of a company's verified domains again, once a day each. One that is missing is told to the owners, and the domain is
 * theirs for a grace in which they can put it back; afterwards it is unverified, and nobody's. Safe to repeat.
 * @param tables.owned the table with a role that may take back who owns a domain
 */
export async function recheckDomains(
  tables: SsoTables & { readonly owned: Table },
  wanted: {
    readonly tenant: Tenant;
    readonly recordLabel: string;
    readonly lookUp: LookUpText;
  },
  at: Date,
): Promise<readonly Finding[]> {
  const { tenant } = wanted;
  const findings: Finding[] = [];
  for (const domain of await readDomains(tables.control, tenant.tenantId)) {
    if (domain.status !== 'verified' || !isDue(domain, at)) continue;
    findings.push(await lookAt({ tables, tenant, at }, domain, wanted));
  }
  return findings;
}
