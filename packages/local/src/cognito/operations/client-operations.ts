import * as z from 'zod';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { ClientSpec } from '../pool-spec.ts';
import type { UserPool } from '../user-pool.ts';
import { adminOperation, type CognitoOperation, clientId } from './definition.ts';

/** What a client of the user pool itself is called among its providers. */
export const OWN_USERS = 'COGNITO';
const MINUTES = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 } as const;
const unit = z.enum(['seconds', 'minutes', 'hours', 'days']);
const names = (max: number) => z.array(z.string().min(1).max(2048)).max(max);

function clientOf(pool: UserPool, id: string): ClientSpec {
  const client = pool.spec.clients.find((candidate) => candidate.id === id);
  if (client === undefined) throw resourceNotFound(`User pool client ${id} does not exist.`);
  return client;
}

/** The providers of a client that still exist. */
export const offeredProviders = ({ providers }: UserPool, client: ClientSpec): readonly string[] => {
  const known = new Set([OWN_USERS, ...providers.list().map(({ name }) => name)]);
  return (providers.offeredBy(client.id) ?? client.identityProviders ?? [OWN_USERS]).filter((name) => known.has(name));
};

function clientBody(pool: UserPool, client: ClientSpec): object {
  return {
    UserPoolId: pool.spec.id,
    ClientId: client.id,
    ClientName: client.name,
    CallbackURLs: client.callbackUrls,
    LogoutURLs: client.logoutUrls,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthScopes: client.scopes,
    ExplicitAuthFlows: client.authFlows,
    SupportedIdentityProviders: offeredProviders(pool, client),
    AccessTokenValidity: client.accessTokenMinutes,
    IdTokenValidity: client.idTokenMinutes,
    RefreshTokenValidity: client.refreshTokenDays,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
    WriteAttributes: client.writeAttributes,
    PreventUserExistenceErrors: client.preventUserExistenceErrors === false ? 'LEGACY' : 'ENABLED',
    EnableTokenRevocation: true,
  };
}

/** The app clients of a pool. */
export const CLIENT_OPERATIONS = {
  DescribeUserPoolClient: adminOperation({ ClientId: clientId }, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    return { UserPoolClient: clientBody(pool, clientOf(pool, input.ClientId)) };
  }),
  /** As in AWS it replaces all settings: what a call leaves out falls back to Cognito's own default. */
  UpdateUserPoolClient: adminOperation(
    {
      ClientId: clientId,
      ClientName: z.string().min(1).max(128).optional(),
      CallbackURLs: names(100).default([]),
      LogoutURLs: names(100).default([]),
      AllowedOAuthFlows: z.array(z.literal('code')).default([]),
      AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
      AllowedOAuthScopes: names(50).default([]),
      ExplicitAuthFlows: names(10).default(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH']),
      SupportedIdentityProviders: names(500).default([]),
      AccessTokenValidity: z.int().positive().default(1),
      IdTokenValidity: z.int().positive().default(1),
      RefreshTokenValidity: z.int().positive().default(30),
      TokenValidityUnits: z
        .strictObject({
          AccessToken: unit.default('hours'),
          IdToken: unit.default('hours'),
          RefreshToken: unit.default('days'),
        })
        .default({ AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' }),
      ReadAttributes: names(100).optional(),
      WriteAttributes: names(100).optional(),
      PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']).default('LEGACY'),
      EnableTokenRevocation: z.boolean().optional(),
      EnablePropagateAdditionalUserContextData: z.boolean().optional(),
      AuthSessionValidity: z.int().min(3).max(15).optional(),
    },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const client = clientOf(pool, input.ClientId);
      const known = new Set([OWN_USERS, ...pool.providers.list().map(({ name }) => name)]);
      const unknown = input.SupportedIdentityProviders.find((name) => !known.has(name));
      if (unknown !== undefined) throw invalidParameter(`The provider ${unknown} does not exist for User Pool.`);
      const units = input.TokenValidityUnits;
      const usesOAuth = input.AllowedOAuthFlowsUserPoolClient && input.AllowedOAuthFlows.length > 0;
      const { writeAttributes: _, ...kept } = client;
      const changed: ClientSpec = {
        ...kept,
        name: input.ClientName ?? client.name,
        callbackUrls: usesOAuth ? input.CallbackURLs : [],
        logoutUrls: input.LogoutURLs,
        scopes: input.AllowedOAuthScopes,
        authFlows: input.ExplicitAuthFlows,
        accessTokenMinutes: input.AccessTokenValidity * MINUTES[units.AccessToken],
        idTokenMinutes: input.IdTokenValidity * MINUTES[units.IdToken],
        refreshTokenDays: (input.RefreshTokenValidity * MINUTES[units.RefreshToken]) / MINUTES.days,
        ...(input.WriteAttributes ? { writeAttributes: input.WriteAttributes } : {}),
        preventUserExistenceErrors: input.PreventUserExistenceErrors === 'ENABLED',
      };
      pools.replaceClient(pool, changed);
      pool.providers.offer(client.id, input.SupportedIdentityProviders);
      return { UserPoolClient: clientBody(pool, changed) };
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
