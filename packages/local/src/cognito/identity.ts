import * as z from 'zod';

/** Somebody at an identity provider, as the attribute `identities` of a user lists them. */
export interface Identity {
  readonly providerName: string;
  readonly providerType: 'OIDC' | 'SAML';
  /** What the provider calls the person. */
  readonly userId: string;
  /** Whether the user came to be by it; false where it was linked to a user that was there. */
  readonly primary: boolean;
}

const identitiesSchema = z.array(
  z.object({
    providerName: z.string(),
    providerType: z.enum(['OIDC', 'SAML']),
    userId: z.string(),
    primary: z.enum(['true', 'false']).transform((text) => text === 'true'),
  }),
);

/** The identities that a user's attributes hold, the oldest first. */
export function identitiesOf(attributes: Readonly<Record<string, string>>): readonly Identity[] {
  return attributes.identities === undefined ? [] : identitiesSchema.parse(JSON.parse(attributes.identities));
}

/** Attributes with other identities; with none, without the attribute. */
export function withIdentities(
  { identities: _, ...attributes }: Readonly<Record<string, string>>,
  identities: readonly Identity[],
): Readonly<Record<string, string>> {
  if (identities.length === 0) return attributes;
  const rows = identities.map((identity) => ({ ...identity, issuer: null, primary: String(identity.primary) }));
  return { ...attributes, identities: JSON.stringify(rows) };
}

/** The user name of somebody who came by a provider. */
export const federatedName = ({ providerName, userId }: Pick<Identity, 'providerName' | 'userId'>): string =>
  `${providerName}_${userId}`;
