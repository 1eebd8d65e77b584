import { pageHeader } from '@tenantry/core/contract/page-header';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { ApiEvent } from './api-event.ts';

/**
 * Lets only scripts of the site's own pages through, where a cookie says who asks: by the origin, which a browser sets by
 * itself, and by a header that other origins cannot send without asking first.
 * @throws {DomainError} `forbidden`
 */
export function assertOwnPage({ headers }: ApiEvent, ownOrigin: string | undefined): void {
  if (ownOrigin !== undefined && headers.origin === ownOrigin && headers[pageHeader.name] === pageHeader.value) return;
  throw new DomainError('forbidden', 'Only pages of this site may do this.');
}
