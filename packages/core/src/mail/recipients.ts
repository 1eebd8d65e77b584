import * as z from 'zod';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import { type MailPreferences, readPreferencesOf } from '../identity/mail-preferences.ts';
import type { Role } from '../identity/role.ts';
import type { TenantId } from '../ids/id.ts';
import { type CompanyMailKind, isCircular } from './kinds.ts';

/** As many as a mail goes to. */
const RECIPIENTS_MAX = 100;

/** Those who hear of what a company owes and what becomes of it. */
export const owners = ['owner'] as const satisfies readonly Role[];
/** Those who look after what a company has set up. */
export const administrators = ['owner', 'admin'] as const satisfies readonly Role[];

/** Whom a mail about the company goes to. */
export const rolesToldOf = (kind: CompanyMailKind): readonly Role[] =>
  isCircular(kind) || kind === 'usageThreshold' ? administrators : owners;

const memberSchema = z.object({ role: roleSchema, email: z.string(), sub: z.string() });

/** Somebody of a company, and what they want of mails. */
export interface Recipient {
  readonly sub: string;
  readonly email: string;
  readonly preferences: MailPreferences;
}

/**
 * The people of a company with one of these roles.
 * @param tables.registry reaches the company's rows @param tables.people what people want of mails
 */
export async function readRecipients(
  tables: { readonly registry: Table; readonly people: Table },
  tenantId: TenantId,
  roles: readonly Role[],
): Promise<readonly Recipient[]> {
  const { pk, sk } = controlKeys.member(tenantId, '');
  const members = z
    .array(memberSchema)
    .parse(await queryAll(tables.registry, pk, sk))
    .filter(({ role }) => roles.includes(role))
    .slice(0, RECIPIENTS_MAX);
  const preferences = await readPreferencesOf(
    tables.people,
    members.map(({ sub }) => sub),
  );
  return members.map(({ sub, email }) => ({ sub, email, preferences: preferences.get(sub) ?? {} }));
}
