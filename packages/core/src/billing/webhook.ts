import Stripe from 'stripe';
import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';

/** What the webhook puts on the queue: whom to ask Stripe about, never what the event said of it. */
export const billingMessageSchema = z.object({
  eventId: z.string(),
  type: z.string(),
  objectId: z.string(),
  customerId: z.string().optional(),
  /** Of an object that a deleted customer left behind, since the customer itself does not tell any more. */
  tenantId: z.string().optional(),
});
export type BillingMessage = z.infer<typeof billingMessageSchema>;

const idSchema = z.string().max(200);

const eventSchema = z.object({
  id: z.string().regex(/^evt_\w{1,100}$/),
  type: z.string().max(100),
  data: z.object({
    object: z.object({
      id: idSchema.optional(),
      object: z.string().optional(),
      customer: idSchema.nullish().catch(undefined),
      metadata: z.object({ tenantId: idSchema.optional() }).nullish().catch(undefined),
    }),
  }),
});

/** Seconds by which a signature's time may differ from ours; Stripe's own default. */
const TOLERANCE_SECONDS = 300;

/**
 * Verifies an event on the bytes as they came.
 * @throws {DomainError} `invalid_signature`
 */
export async function verifyWebhook(
  rawBody: Buffer,
  signature: string | undefined,
  secret: string,
): Promise<BillingMessage> {
  if (!signature) throw new DomainError('invalid_signature', 'The header Stripe-Signature is missing.');
  try {
    const verified = await Stripe.webhooks.constructEventAsync(rawBody, signature, secret, TOLERANCE_SECONDS);
    return messageOf(verified);
  } catch (cause) {
    throw new DomainError('invalid_signature', 'The signature does not match the body, or is too old.', { cause });
  }
}

/** Whom an event is about. @throws {z.ZodError} when it is no event */
export function messageOf(event: unknown): BillingMessage {
  const { id: eventId, type, data } = eventSchema.parse(event);
  const { id: objectId = '', object, customer, metadata } = data.object;
  const customerId = object === 'customer' ? objectId : (customer ?? undefined);
  const tenantId = metadata?.tenantId;
  return { eventId, type, objectId, ...(customerId ? { customerId } : {}), ...(tenantId ? { tenantId } : {}) };
}
