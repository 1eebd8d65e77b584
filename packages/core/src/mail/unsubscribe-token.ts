import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type MailCategory, mailCategorySchema, unsubscribeTokenPattern } from './categories.ts';

const KEY_BYTES_MIN = 32;
/** Names the key and what is signed. */
const VERSION = 'u1';

/** Who gets no more of what. */
export interface Unsubscription {
  readonly sub: string;
  readonly category: MailCategory;
}

/** Lets somebody unsubscribe who only has the mail: a token that nobody else can make, and that is good for nothing else. It does not expire. */
export interface UnsubscribeTokens {
  issue(of: Unsubscription): string;
  /** @returns undefined for what was not issued with this key */
  open(token: string): Unsubscription | undefined;
}

/** @param stageKey at least 32 random bytes in base64 */
export function createUnsubscribeTokens(stageKey: string): UnsubscribeTokens {
  const master = Buffer.from(stageKey, 'base64');
  if (master.length < KEY_BYTES_MIN) throw new Error('The key of mails must be 32 random bytes in base64.');
  const key = Buffer.from(hkdfSync('sha256', master, '', 'unsubscribe', 32));
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(`${VERSION}.${payload}`).digest();
  return {
    issue({ sub, category }) {
      const payload = Buffer.from(`${category}:${sub}`).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    open(token) {
      if (!unsubscribeTokenPattern.test(token)) return undefined;
      const [payload = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(payload);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const text = Buffer.from(payload, 'base64url').toString();
      const category = mailCategorySchema.safeParse(text.slice(0, text.indexOf(':')));
      return category.success ? { category: category.data, sub: text.slice(text.indexOf(':') + 1) } : undefined;
    },
  };
}
