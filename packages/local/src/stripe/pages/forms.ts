/** What the hosted pages' forms send. */

import * as z from 'zod';
import { invalid } from '../wire/error.ts';

const field = (max: number) => z.string().max(max).default('');
const cardShape = { number: field(30), expiry: field(10), cvc: field(4) };
export const paymentForm = z.strictObject({
  ...cardShape,
  action: z.enum(['', 'code', 'update']).default(''),
  shown: z.coerce.number().int().optional(),
  email: field(512),
  name: field(200),
  country: field(2),
  line1: field(200),
  city: field(200),
  postalCode: field(50),
  businessName: field(200),
  taxId: field(50),
  code: z.string().max(100).optional(),
});
export const bankForm = z.strictObject({ outcome: z.enum(['complete', 'fail']) });
export const cardForm = z.strictObject(cardShape);
export const portalForm = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('card'), ...cardShape }),
  z.strictObject({ action: z.literal('cancel'), subscription: z.string().max(100) }),
  z.strictObject({ action: z.literal('keep'), subscription: z.string().max(100) }),
  z.strictObject({ action: z.literal('pay'), invoice: z.string().max(100) }),
  z.strictObject({
    action: z.literal('details'),
    name: field(200),
    email: field(200),
    line1: field(200),
    city: field(200),
    postalCode: field(200),
    country: field(2),
  }),
  z.strictObject({ action: z.literal('preview'), subscription: z.string().max(100), price: z.string().max(100) }),
  z.strictObject({
    action: z.literal('switch'),
    subscription: z.string().max(100),
    price: z.string().max(100),
    at: z.coerce.number().int().min(0),
  }),
]);

/** @throws {StripeError} when the fields are not those of the form */
export function readForm<Schema extends z.ZodType>(schema: Schema, body: string): z.infer<Schema> {
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(body)));
  if (!result.success) throw invalid('The form does not fit this page.');
  return result.data;
}
