import type { Attributes } from './user-store.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ClaimChanges {
  readonly claimsToAddOrOverride?: Claims | null | undefined;
  readonly claimsToSuppress?: readonly string[] | null | undefined;
}

const RESERVED_IN_BOTH = [
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
] as const;

/** Claims that no trigger changes: Cognito then issues the token with its own value. */
export const RESERVED_CLAIMS = {
  id: new Set<string>([...RESERVED_IN_BOTH, 'identities', 'aud', 'cognito:username']),
  access: new Set<string>([...RESERVED_IN_BOTH, 'username', 'client_id', 'scope', 'device_key', 'event_id', 'version']),
} as const;

/** Claims after what a trigger asked for; its wishes for reserved ones have no effect. Adding wins over suppressing. */
export function changeClaims(claims: Claims, changes: ClaimChanges, reserved: ReadonlySet<string>): Claims {
  const changed: Record<string, unknown> = { ...claims };
  for (const name of changes.claimsToSuppress ?? []) {
    if (!reserved.has(name)) delete changed[name];
  }
  for (const [name, value] of Object.entries(changes.claimsToAddOrOverride ?? {})) {
    if (!reserved.has(name)) changed[name] = value;
  }
  return changed;
}

/** The wishes for reserved claims, to be told to the developer. */
export function reservedWishes(changes: ClaimChanges, reserved: ReadonlySet<string>): string[] {
  const wished = [...Object.keys(changes.claimsToAddOrOverride ?? {}), ...(changes.claimsToSuppress ?? [])];
  return wished.filter((name) => reserved.has(name));
}

/** Attributes as they stand in an ID token and in userInfo: text, except for the verified flags. */
export function attributeClaims(attributes: Attributes): Claims {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (name === 'identities') return [name, JSON.parse(value) as unknown];
      return [name, name.endsWith('_verified') ? value === 'true' : value];
    }),
  );
}
