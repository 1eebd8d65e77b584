import { createHash, randomBytes } from 'node:crypto';
import { type Id, idPattern, isTenantId, type TenantId } from '../ids/id.ts';

/** 32 random bytes; a plain hash of them cannot be guessed, so no slow hash is needed. */
const RANDOM_BYTES = 32;

/** SHA-256 in hexadecimal: what is stored instead of the token. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * A token is `inv_<ulid of the tenant>_<ulid of the invitation>_<random>`: it names its row, so that looking it up reads that tenant's
 * rows only. The names carry no authority, since the hash must be that of the row.
 */
export function newInvitationToken(tenantId: TenantId, invitationId: Id<'invitation'>) {
  const ulidOf = (id: string): string => id.slice(id.indexOf('_') + 1);
  const random = randomBytes(RANDOM_BYTES).toString('base64url');
  const token = `inv_${ulidOf(tenantId)}_${ulidOf(invitationId)}_${random}`;
  return { token, hash: hashOf(token) };
}

/** What a token names; undefined for what is none. */
export function parseInvitationToken(
  token: string,
): { readonly tenantId: TenantId; readonly invitationId: Id<'invitation'>; readonly hash: string } | undefined {
  const [, tenant, invitation] = /^inv_([0-9a-z]{26})_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/.exec(token) ?? [];
  const tenantId = `ten_${tenant}`;
  const invitationId = `inv_${invitation}`;
  if (!isTenantId(tenantId) || !idPattern('invitation').test(invitationId)) return undefined;
  return { tenantId, invitationId: invitationId as Id<'invitation'>, hash: hashOf(token) };
}
