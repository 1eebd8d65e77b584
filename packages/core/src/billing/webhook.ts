import Stripe from 'stripe';
import { z } from 'zod';
import { DomainError } from '../errors/domain-error.ts';

/** What the webhook puts on the queue: which object to ask Stripe about, never what the event said of it. */
export const billingMessageSchema = z.object({ eventId: z.string(), type: z.string(), objectId: z.string() });
export type BillingMessage = z.infer<typeof billingMessageSchema>;

const eventSchema = z.object({
  id: z.string().regex(/^evt_\w{1,100}$/),
  type: z.string().max(100),
  data: z.object({ object: z.object({ id: z.string().max(200).optional() }) }),
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
): Promise<{ readonly id: string; readonly type: string; readonly objectId: string }> {
  if (!signature) throw new DomainError('invalid_signature', 'The header Stripe-Signature is missing.');
  try {
    const verified = await Stripe.webhooks.constructEventAsync(rawBody, signature, secret, TOLERANCE_SECONDS);
    const event = eventSchema.parse(verified);
    return { id: event.id, type: event.type, objectId: event.data.object.id ?? '' };
  } catch (cause) {
    throw new DomainError('invalid_signature', 'The signature does not match the body, or is too old.', { cause });
  }
}
