import * as z from 'zod';
import { invitationIdSchema, roleSchema } from '../contract/schemas.ts';
import { idPattern, type UserId } from '../ids/id.ts';

/** An invitation as it is kept. Of its token there is only a hash. */
export const invitationRowSchema = z.object({
  invitationId: invitationIdSchema,
  /** In lower case. */
  email: z.string(),
  role: roleSchema,
  /** SHA-256 in hexadecimal. */
  tokenHash: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Seconds since the epoch; the row goes some time after. */
  expiresAt: z.int(),
  /** Who accepted it: it is over then, and counts no second time. */
  acceptedBy: z.custom<UserId>((value) => typeof value === 'string' && idPattern('user').test(value)).optional(),
});
export type StoredInvitation = z.infer<typeof invitationRowSchema>;

export const invitationView = ({ invitationId, email, role, createdAt, createdBy, expiresAt }: StoredInvitation) => ({
  id: invitationId,
  email,
  role,
  createdAt,
  createdBy,
  expiresAt: new Date(expiresAt * 1000).toISOString(),
});

/** Whether an invitation can still be accepted. */
export const isOpen = ({ acceptedBy, expiresAt }: StoredInvitation, at: Date): boolean =>
  acceptedBy === undefined && expiresAt * 1000 > at.getTime();
