import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Who a visitor of the local provider says to be. */
export const personSchema = z.object({
  email: z.email().max(254),
  name: z.string().trim().max(100).default(''),
  /** The provider's own name for the person; made of the address unless given. */
  subject: z.string().trim().max(100).default(''),
});
export type Person = z.infer<typeof personSchema>;

export const subjectOf = ({ subject, email }: Person): string =>
  subject || createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 20);

/** A company's own corner of the provider: an issuer of its own, as companies have. */
export const realmPattern = /^[a-z0-9-]{1,40}$/;

/** What an application is registered with; the same in every realm, and worth nothing anywhere else. */
export const localClient = { id: 'tenantry', secret: 'local-identity-provider' } as const;
