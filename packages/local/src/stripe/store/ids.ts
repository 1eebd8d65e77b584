import { randomInt } from 'node:crypto';
import { idPrefixes, type Kind } from './kinds.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits that nobody can guess. */
export type RandomText = (length: number) => string;

export const randomText: RandomText = (length) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const lengths: Partial<Record<Kind, number>> = { customer: 14, product: 14, 'checkout.session': 58, coupon: 8 };

/** An id in the shape that Stripe gives this kind. */
export function newId(kind: Kind, random: RandomText): string {
  return idPrefixes[kind] + random(lengths[kind] ?? 24);
}
