import * as z from 'zod';
import { AwsError } from '../../aws/engine.ts';
import { requireUser } from '../account.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { discover } from '../federation/oidc.ts';
import { metadataOf } from '../federation/saml-metadata.ts';
import { identitiesOf, withIdentities } from '../identity.ts';
import type { IdentityProvider } from '../identity-provider-store.ts';
import type { UserPool } from '../user-pool.ts';
import { adminOperation, type CognitoOperation } from './definition.ts';

/** As AWS's quota has it. */
const PROVIDERS_MAX = 300;
const IDENTITIES_PER_USER_MAX = 5;
const MASKED = 'client_secret';

const providerName = z.string().regex(/^[^_\p{Z}]{1,32}$/u);
const details = z.record(z.string().max(131_072), z.string().max(131_072));
const mapping = z.record(z.string().max(32), z.string().max(131_072));
const providerUser = z.strictObject({
  ProviderName: z.string().min(1).max(32).optional(),
  ProviderAttributeName: z.string().min(1).max(131_072).optional(),
  ProviderAttributeValue: z.string().min(1).max(131_072).optional(),
});

const REQUIRED = {
  OIDC: ['client_id', 'client_secret', 'attributes_request_method', 'oidc_issuer', 'authorize_scopes'],
  SAML: [],
} as const satisfies Record<IdentityProvider['type'], readonly string[]>;

/** @throws {AwsError} `InvalidParameterException` for details with which nobody could sign in */
async function checkDetails(type: IdentityProvider['type'], given: Readonly<Record<string, string>>): Promise<void> {
  const missing = REQUIRED[type].find((name) => !given[name]);
  if (missing !== undefined) throw invalidParameter(`${missing} is required for the provider type ${type}.`);
  if (type === 'OIDC') await discover(given.oidc_issuer ?? '');
  else await metadataOf(given);
}

const body = (pool: UserPool, provider: IdentityProvider) => ({
  UserPoolId: pool.spec.id,
  ProviderName: provider.name,
  ProviderType: provider.type,
  // AWS gives the secret back to whoever may ask; nothing here needs it, so nothing here gets it.
  ProviderDetails: Object.fromEntries(Object.entries(provider.details).filter(([name]) => name !== MASKED)),
  AttributeMapping: provider.mapping,
  CreationDate: provider.createdAt / 1000,
  LastModifiedDate: provider.updatedAt / 1000,
});

/** Who somebody at a provider is: named by the subject alone, as nothing else of an assertion is that person's for good. */
function sourceOf(pool: UserPool, source: z.output<typeof providerUser>) {
  const provider = pool.providers.get(source.ProviderName ?? '');
  if (source.ProviderAttributeName !== 'Cognito_Subject' || source.ProviderAttributeValue === undefined) {
    throw invalidParameter('ProviderAttributeName must be Cognito_Subject.');
  }
  return { provider, subject: source.ProviderAttributeValue };
}

/** Providers whose word a pool takes, and whom of theirs it takes for which of its users. */
export const IDENTITY_PROVIDER_OPERATIONS = {
  CreateIdentityProvider: adminOperation(
    {
      ProviderName: providerName,
      ProviderType: z.enum(['OIDC', 'SAML']),
      ProviderDetails: details,
      AttributeMapping: mapping.default({}),
    },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      await checkDetails(input.ProviderType, input.ProviderDetails);
      if (pool.providers.list().length >= PROVIDERS_MAX) {
        throw new AwsError('LimitExceededException', `A user pool has at most ${PROVIDERS_MAX} identity providers.`);
      }
      const provider = pool.providers.create({
        name: input.ProviderName,
        type: input.ProviderType,
        details: input.ProviderDetails,
        mapping: input.AttributeMapping,
      });
      return { IdentityProvider: body(pool, provider) };
    },
  ),
  UpdateIdentityProvider: adminOperation(
    { ProviderName: providerName, ProviderDetails: details.optional(), AttributeMapping: mapping.optional() },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const { type } = pool.providers.get(input.ProviderName);
      if (input.ProviderDetails) await checkDetails(type, input.ProviderDetails);
      const provider = pool.providers.update(input.ProviderName, {
        ...(input.ProviderDetails ? { details: input.ProviderDetails } : {}),
        ...(input.AttributeMapping ? { mapping: input.AttributeMapping } : {}),
      });
      return { IdentityProvider: body(pool, provider) };
    },
  ),
  DescribeIdentityProvider: adminOperation({ ProviderName: providerName }, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    return { IdentityProvider: body(pool, pool.providers.get(input.ProviderName)) };
  }),
  DeleteIdentityProvider: adminOperation({ ProviderName: providerName }, async (pools, input) => {
    pools.byId(input.UserPoolId).providers.remove(input.ProviderName);
    return {};
  }),
  ListIdentityProviders: adminOperation(
    { MaxResults: z.int().min(0).max(60).optional(), NextToken: z.string().max(1024).optional() },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const limit = input.MaxResults || 60;
      const rest = pool.providers.list().filter(({ name }) => name > (input.NextToken ?? ''));
      const shown = rest.slice(0, limit);
      return {
        Providers: shown.map((provider) => ({
          ProviderName: provider.name,
          ProviderType: provider.type,
          CreationDate: provider.createdAt / 1000,
          LastModifiedDate: provider.updatedAt / 1000,
        })),
        ...(rest.length > limit ? { NextToken: shown.at(-1)?.name } : {}),
      };
    },
  ),
  /** Only somebody who has not come by the provider yet can be linked. */
  AdminLinkProviderForUser: adminOperation(
    { DestinationUser: providerUser, SourceUser: providerUser },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      if (input.DestinationUser.ProviderName !== 'Cognito') {
        throw invalidParameter('ProviderName of the destination user must be Cognito.');
      }
      const user = requireUser(pool, input.DestinationUser.ProviderAttributeValue ?? '');
      const { provider, subject } = sourceOf(pool, input.SourceUser);
      if (pool.providers.subOf(provider.name, subject) !== undefined) {
        throw invalidParameter(`Merging is not currently supported, provide a SourceUser that has not been merged.`);
      }
      const identities = identitiesOf(user.attributes);
      if (identities.length >= IDENTITIES_PER_USER_MAX) {
        throw new AwsError('LimitExceededException', `A user has at most ${IDENTITIES_PER_USER_MAX} identities.`);
      }
      pool.providers.link(provider.name, subject, user.sub);
      const added = { providerName: provider.name, providerType: provider.type, userId: subject, primary: false };
      pool.users.update(user.sub, { attributes: withIdentities(user.attributes, [...identities, added]) });
      return {};
    },
  ),
  /** Takes a link away; whoever comes by the provider next is somebody new. */
  AdminDisableProviderForUser: adminOperation({ User: providerUser }, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    const { ProviderName: name = '', ProviderAttributeValue: subject = '' } = input.User;
    const sub = pool.providers.subOf(name, subject);
    const user = sub === undefined ? undefined : pool.users.find(sub);
    if (user === undefined) throw resourceNotFound('User does not exist.');
    const identities = identitiesOf(user.attributes);
    const others = identities.filter(({ providerName, userId }) => providerName !== name || userId !== subject);
    pool.providers.unlink(name, subject);
    pool.users.update(user.sub, { attributes: withIdentities(user.attributes, others) });
    return {};
  }),
} as const satisfies Record<string, CognitoOperation>;
