import {
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
  CreateIdentityProviderCommand,
  DeleteIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  DuplicateProviderException,
  InvalidParameterException,
  LimitExceededException,
  ListIdentityProvidersCommand,
  ResourceNotFoundException,
  UpdateIdentityProviderCommand,
  UpdateUserPoolClientCommand,
  UserNotFoundException,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { IdentityPool, ProviderDetails } from '@tenantry/core/sso/identity-pool';

/** The pool's own users, among the providers of a client. */
const OWN_USERS = 'COGNITO';
const PAGE = 60;
const ROUNDS_MAX = 5;

/** What the pool takes from a provider: who somebody is, and nothing that carries authority. */
const attributeMapping = { email: 'email', name: 'name' };

const detailsOf = (details: ProviderDetails): Record<string, string> => {
  if (details.kind === 'oidc') {
    return {
      oidc_issuer: details.issuer,
      client_id: details.clientId,
      client_secret: details.clientSecret,
      authorize_scopes: 'openid email profile',
      attributes_request_method: 'GET',
    };
  }
  return {
    ...(details.metadataUrl ? { MetadataURL: details.metadataUrl } : { MetadataFile: details.metadata ?? '' }),
    IDPSignout: 'false',
    // A sign-in begins here alone: nobody is signed in by what a provider, or whoever replays it, sends unasked.
    IDPInit: 'false',
  };
};

/** What the pool says of a provider that it cannot use, as the caller may know it. */
function refusalOf(error: unknown, details: ProviderDetails): unknown {
  if (error instanceof InvalidParameterException) {
    const given = details.kind === 'saml' && details.metadata !== undefined;
    const address = details.kind === 'oidc' ? 'issuer' : 'metadataUrl';
    return new DomainError('invalid_request', 'The provider cannot be used: it does not answer as its kind should.', {
      fields: [
        given
          ? { field: 'metadata', message: 'does not describe a provider' }
          : { field: address, message: 'is not the address of a provider that answers' },
      ],
      internal: { reason: error.message },
    });
  }
  if (error instanceof LimitExceededException) {
    return new DomainError('unavailable', 'No further provider can be set up at present; ask us.', { cause: error });
  }
  return error;
}

async function goneIsGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException || error instanceof UserNotFoundException)) throw error;
  }
}

/** All settings of a client as an update takes them; what an update leaves out would fall back to a default. */
function settingsOf({ ClientSecret: _, LastModifiedDate: __, CreationDate: ___, ...settings }: UserPoolClientType) {
  return settings;
}

/** The user pool of the stage, and the client of its site. */
export function createIdentityPool(
  cognito: CognitoIdentityProviderClient,
  { poolId, clientId }: { readonly poolId: string; readonly clientId: string },
): IdentityPool & {
  /** The names of all providers. */
  list(): Promise<readonly string[]>;
  /** Lets the client offer exactly the providers that there are. @returns whether it did not before */
  offerAll(leavingOut?: string): Promise<boolean>;
} {
  const list = async (): Promise<readonly string[]> => {
    const names: string[] = [];
    let next: string | undefined;
    do {
      const { Providers = [], NextToken } = await cognito.send(
        new ListIdentityProvidersCommand({ UserPoolId: poolId, MaxResults: PAGE, NextToken: next }),
      );
      names.push(...Providers.flatMap(({ ProviderName }) => ProviderName ?? []));
      next = NextToken;
    } while (next);
    return names.sort();
  };

  const offered = async () => {
    const { UserPoolClient } = await cognito.send(
      new DescribeUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId }),
    );
    if (!UserPoolClient) throw new Error('The user pool shows no settings of its client.');
    return UserPoolClient;
  };

  /**
   * An update replaces the whole list, so two at once could undo each other. Each therefore looks again after it wrote and goes on until what
   * there is and what is offered agree: of all that run at once, the last to write has then seen what all others made.
   */
  const offerAll = async (leavingOut?: string): Promise<boolean> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const wanted = [OWN_USERS, ...(await list()).filter((name) => name !== leavingOut)];
      const client = await offered();
      const present = new Set(client.SupportedIdentityProviders ?? []);
      if (wanted.length === present.size && wanted.every((name) => present.has(name))) return round > 0;
      await cognito.send(
        new UpdateUserPoolClientCommand({
          ...settingsOf(client),
          UserPoolId: poolId,
          ClientId: clientId,
          SupportedIdentityProviders: wanted,
        }),
      );
    }
    throw new DomainError('unavailable', 'The sign-in changes at the moment; try again.', { retryAfterSeconds: 1 });
  };

  const write = async (name: string, details: ProviderDetails): Promise<void> => {
    const ProviderDetails = detailsOf(details);
    const named = { UserPoolId: poolId, ProviderName: name, ProviderDetails, AttributeMapping: attributeMapping };
    try {
      await cognito.send(
        new CreateIdentityProviderCommand({ ...named, ProviderType: details.kind === 'oidc' ? 'OIDC' : 'SAML' }),
      );
    } catch (error) {
      if (!(error instanceof DuplicateProviderException)) throw error;
      await cognito.send(new UpdateIdentityProviderCommand(named));
    }
  };

  return {
    list,
    offerAll,
    async save(name, details) {
      try {
        await write(name, details);
      } catch (error) {
        throw refusalOf(error, details);
      }
      await offerAll();
    },
    async remove(name) {
      await offerAll(name);
      await goneIsGone(cognito.send(new DeleteIdentityProviderCommand({ UserPoolId: poolId, ProviderName: name })));
    },
    async signOut({ sub }) {
      await goneIsGone(cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId: poolId, Username: sub })));
    },
    async part(name, { subject, linked }) {
      const call = linked
        ? new AdminDisableProviderForUserCommand({
            UserPoolId: poolId,
            User: { ProviderName: name, ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: subject },
          })
        : new AdminDeleteUserCommand({ UserPoolId: poolId, Username: `${name}_${subject}` });
      await goneIsGone(cognito.send(call as AdminDeleteUserCommand));
    },
  };
}
