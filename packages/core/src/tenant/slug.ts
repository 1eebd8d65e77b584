import { DomainError } from '../errors/domain-error.ts';

/** Names that a customer must not get, since they name the provider, its hosts or its pages. */
const reserved: ReadonlySet<string> = new Set(
  `about account accounts admin administrator api app assets auth billing blog cdn changelog checkout console contact
  dashboard demo dev docs download email enterprise events example ftp help home host hosting imap inbox internal invoice
  legal local localhost login logout mail mta-sts news null onboarding openapi operator operators payment payments pop
  postmaster premium pricing privacy production public register root sandbox security settings shop signin signout signup silo
  smtp sso staging standard static status store stripe support system tenant tenantry tenants terms test undefined user
  users webhook webhooks webmaster www`.split(/\s+/),
);

export const isSlugReserved = (slug: string): boolean => reserved.has(slug);

/** @throws {DomainError} `slug_reserved` */
export function assertSlugAllowed(slug: string): void {
  if (isSlugReserved(slug)) {
    throw new DomainError('slug_reserved', `The address "${slug}" is reserved; choose another.`, {
      fields: [{ field: 'slug', message: 'is reserved' }],
    });
  }
}
