import { Resolver } from 'node:dns/promises';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { LookUpText } from '@tenantry/core/sso/domains';

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** More are not read: a name has a handful. */
const RECORDS_MAX = 100;

/** What a lookup fails with when there is nothing, as against when nobody answers. */
const nothing = new Set(['ENODATA', 'ENOTFOUND', 'NXDOMAIN']);

/** Looks up text records. @param server `address:port` to ask instead of the machine's own */
export function createTextLookUp(server: string | undefined): LookUpText {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (server) resolver.setServers([server]);
  return async (name) => {
    try {
      const records = await resolver.resolveTxt(name);
      return records.slice(0, RECORDS_MAX).map((parts) => parts.join(''));
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (nothing.has(code)) return [];
      throw new DomainError('unavailable', 'The domain’s name servers do not answer at the moment.', {
        cause,
        retryAfterSeconds: 10,
      });
    }
  };
}
