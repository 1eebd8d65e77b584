import { DomainError } from '../errors/domain-error.ts';
import { domainOf } from './mail-domain.ts';

const RESERVED = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|example|arpa)$/;

const isPublic = ({ protocol, hostname, port, username, password, hash }: URL): boolean =>
  protocol === 'https:' &&
  port === '' &&
  username === '' &&
  password === '' &&
  hash === '' &&
  // Names alone: no address of a machine, in whatever notation, and nothing that is known inside a network only.
  domainOf(`x@${hostname}`) !== undefined &&
  !RESERVED.test(hostname);

/**
 * Refuses an address of a provider that is not on the public internet. This system never opens it itself, the user pool does; but what nobody
 * outside can reach is of no use, and what is inside is nobody's business.
 * @param trustedOrigin of a provider on the developer's own machine
 * @throws {DomainError} `invalid_request`, naming the field
 */
export function assertPublicAddress(field: string, address: string, trustedOrigin: string | undefined): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && (isPublic(url) || url.origin === trustedOrigin)) return;
  throw new DomainError('invalid_request', 'The address of the provider must be a public one and begin with https.', {
    fields: [{ field, message: 'must be a public https address' }],
  });
}
