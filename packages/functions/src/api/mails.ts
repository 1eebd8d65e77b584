import { DomainError } from '@tenantry/core/errors/domain-error';
import { changePreferences } from '@tenantry/core/identity/mail-preferences';
import { createUnsubscribeTokens } from '@tenantry/core/mail/unsubscribe-token';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { MAIL_KEY } = readEnvironment({ MAIL_KEY: required });
const tokens = createUnsubscribeTokens(MAIL_KEY);
const { Control: people } = ownTables('api/mails');

const noSuchMail = (cause?: unknown): DomainError =>
  new DomainError('not_found', 'This link is not of a mail of ours, or the account is gone.', { cause });

export const handler = createApi('mails', undefined, {
  unsubscribe: async ({ params: { token } }) => {
    const of = tokens.open(token);
    if (!of) throw noSuchMail();
    try {
      await changePreferences(people, of.sub, { [of.category]: false });
    } catch (error) {
      // Whoever has no account any more gets no mails either; nobody has to sign in for that.
      if (error instanceof DomainError && error.code === 'unauthenticated') throw noSuchMail(error);
      throw error;
    }
    return { category: of.category };
  },
});
