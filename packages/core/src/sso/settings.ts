import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { tierCatalogue } from '../tier/catalogue.ts';
import { arrivalRoles, domainGraceSeconds } from './limits.ts';

const domainRowSchema = z.object({
  domain: z.string(),
  status: z.enum(['pending', 'verified']),
  /** What the text record must hold. */
  token: z.string(),
  claimedAt: z.string(),
  verifiedAt: z.string().optional(),
  /** When its text record was looked for last, after it was verified. */
  checkedAt: z.string().optional(),
  /** When a verified domain's text record was found missing. */
  missingSince: z.string().optional(),
});
export type ClaimedDomain = z.infer<typeof domainRowSchema>;

/** When a domain whose text record is missing is verified no longer; undefined for all others. */
export const lapsesAt = ({ missingSince }: Pick<ClaimedDomain, 'missingSince'>): string | undefined =>
  missingSince && new Date(Date.parse(missingSince) + domainGraceSeconds * 1000).toISOString();

const kinds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('oidc'), issuer: z.string(), clientId: z.string() }),
  z.object({ kind: z.literal('saml'), metadataUrl: z.string().optional() }),
]);

const providerRowSchema = z.intersection(
  kinds,
  z.object({
    status: z.enum(['saving', 'ready', 'removing']),
    /** Whether people with an address of the company's domains must come by the provider. */
    enforced: z.boolean(),
    defaultRole: z.enum(arrivalRoles),
    savedAt: z.string(),
  }),
);
/** A company's provider. Its secret is kept by the user pool alone. */
export type Provider = z.infer<typeof providerRowSchema>;

const personRowSchema = z.object({
  sub: z.string(),
  userId: z.string(),
  subject: z.string(),
  /** Whether it was a user before; one that was not is the provider's own. */
  linked: z.boolean(),
  arrivedAt: z.string(),
});
/** Somebody who came by the company's provider. */
export type SsoPerson = z.infer<typeof personRowSchema>;

/** All that a company has set up of its single sign-on. */
export interface SsoSettings {
  readonly domains: readonly ClaimedDomain[];
  readonly provider: Provider | undefined;
  readonly people: readonly SsoPerson[];
}

export const parseProvider = (row: unknown): Provider => providerRowSchema.parse(row);

/** The domains that a company claims. */
export async function readDomains(control: Table, tenantId: TenantId): Promise<readonly ClaimedDomain[]> {
  const { pk, sk } = controlKeys.ssoDomain(tenantId, '');
  return z.array(domainRowSchema).parse(await queryAll(control, pk, sk));
}

export async function readSso(control: Table, tenantId: TenantId): Promise<SsoSettings> {
  const { pk, sk } = controlKeys.ssoProvider(tenantId);
  const rows = await queryAll(control, pk);
  const of = (prefix: string) => rows.filter((row) => String(row.sk).startsWith(prefix));
  const provider = rows.find((row) => row.sk === sk);
  return {
    domains: of('DOMAIN#').map((row) => domainRowSchema.parse(row)),
    provider: provider && parseProvider(provider),
    people: of('PERSON#').map((row) => personRowSchema.parse(row)),
  };
}

/** Whether a company's tier has single sign-on. */
export const includesSso = ({ tier }: Pick<Tenant, 'tier'>): boolean =>
  (tierCatalogue[tier].features as readonly string[]).includes('sso');
