import * as z from 'zod';
import { shopperCountsSchema } from './counts.ts';

/** A certificate is kept this long; nothing in it says who the shopper was. */
export const certificateDays = 400;
/** Events of before an erasure may still come out of a stream, or of its dead letters, this long. */
export const lateDays = 30;
/** Shoppers that are erased in one go: the archive is gone through once for all of them. */
export const shoppersPerRun = 50;
/** Erasures of a tenant that may wait or have failed; a shop that asks for more waits until some are done. */
export const owedMax = 1000;

/** That a shopper's data was erased. Holds no personal data, so that it can be kept. */
export const shopperCertificateSchema = z.object({
  erasureId: z.string(),
  tenantId: z.string(),
  shopperHash: z.string(),
  requestedAt: z.string(),
  completedAt: z.string(),
  /** What there was. */
  deleted: shopperCountsSchema,
  /** What a second count found afterwards: nothing. */
  remaining: z.literal(0),
  /** Exports that were withdrawn, since they may have held the shopper. */
  exportsWithdrawn: z.int().nonnegative(),
  /** The training that makes a model without the shopper; null when no model knew its events, or none serves. */
  retraining: z.string().nullable(),
  /** SHA-256, in hexadecimal, of the other fields as JSON with sorted keys. */
  sha256: z.string(),
});
export type ShopperCertificate = z.infer<typeof shopperCertificateSchema>;

/** An erasure that is still owed, the only row that holds the shopper's id. */
export const owedErasureSchema = z.object({
  erasureId: z.string(),
  shopperId: z.string(),
  shopperHash: z.string(),
  status: z.enum(['requested', 'running', 'failed']),
  requestedAt: z.string(),
  requestedBy: z.string(),
  startedAt: z.string().optional(),
  /** What there was before the first of it was erased. */
  found: shopperCountsSchema.optional(),
  reason: z.string().optional(),
});
export type OwedErasure = z.infer<typeof owedErasureSchema>;

/** An erasure that is done. */
export const doneErasureSchema = z.object({
  erasureId: z.string(),
  requestedBy: z.string(),
  certificate: shopperCertificateSchema,
});
export type DoneErasure = z.infer<typeof doneErasureSchema>;

/** What the API shows of an erasure. */
export function erasureView(one: OwedErasure | DoneErasure) {
  if ('certificate' in one) {
    const { erasureId, requestedBy, certificate } = one;
    const { shopperHash, requestedAt, completedAt } = certificate;
    const ended = { startedAt: null, found: certificate.deleted, endedAt: completedAt, reason: null, certificate };
    return {
      id: erasureId,
      status: 'done' as const,
      shopperId: null,
      shopperHash,
      requestedAt,
      requestedBy,
      ...ended,
    };
  }
  const { erasureId, status, shopperId, shopperHash, requestedAt, requestedBy, reason = null } = one;
  const { startedAt = null, found = null } = one;
  const open = { startedAt, found, endedAt: null, reason, certificate: null };
  return { id: erasureId, status, shopperId, shopperHash, requestedAt, requestedBy, ...open };
}
