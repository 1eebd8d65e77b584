import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { ownerOfDomain } from './domain-owner.ts';
import { domainOf } from './mail-domain.ts';
import { tenantOfProvider } from './provider-name.ts';
import { assertProviderSpeaksFor, type WorkingSso, workingSso } from './sign-in.ts';

const identitiesSchema = z.array(z.object({ providerName: z.string(), userId: z.string() }));

/** Of a user of the pool, by its attribute `identities`: whose providers sign it in, the first one first. */
export const identitiesOf = (identities: string | undefined): readonly Pick<Federation, 'tenantId' | 'subject'>[] =>
  (identities ? identitiesSchema.parse(JSON.parse(identities)) : []).flatMap(({ providerName, userId }) => {
    const tenantId = tenantOfProvider(providerName);
    return tenantId ? [{ tenantId, subject: userId }] : [];
  });

/** That a user of the pool may come by a company's provider. Wherever it is, it acts in that company alone. */
export interface Federation {
  readonly tenantId: TenantId;
  readonly subject: string;
  /** Whether it has a password as well. */
  readonly linked: boolean;
  /** Set while the provider works and may speak for the user's present address. */
  readonly sso: WorkingSso | undefined;
}

/**
 * What the user pool's attributes tell of providers; undefined for a user who has nothing to do with any. The pool does not tell by which way
 * somebody comes who has two, so what holds for one holds for both.
 * @throws {DomainError} `forbidden` for somebody whose only way the provider is, when it may not be taken
 */
export async function federationOf(
  control: Table,
  attributes: Readonly<Record<string, string | undefined>>,
): Promise<Federation | undefined> {
  const { email = '', identities, 'cognito:user_status': status } = attributes;
  const [own] = identitiesOf(identities);
  const linked = status !== 'EXTERNAL_PROVIDER';
  if (!own) return undefined;
  if (!linked) return { ...own, linked, sso: await assertProviderSpeaksFor(control, own.tenantId, email) };
  const [sso, owner] = await Promise.all([
    workingSso(control, own.tenantId),
    ownerOfDomain(control, domainOf(email) ?? 'none'),
  ]);
  return { ...own, linked, sso: owner === own.tenantId ? sso : undefined };
}
