import { controlKeys } from '@tenantry/core/control/keys';
import { announce, type Mailer, MailRefused, newestMail, sendMails } from '@tenantry/core/mail/outbox';
import type { Recipient } from '@tenantry/core/mail/recipients';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
let tenant: Tenant;
beforeAll(async () => {
  stores = await startStores();
});
beforeEach(async () => {
  tenant = await storedTenant(stores);
});
afterAll(() => stores?.close());

const control = () => stores.table('Control');
const people: readonly Recipient[] = ['ann', 'ben', 'cho'].map((sub) => ({
  sub,
  email: `${sub}@example.com`,
  preferences: {},
}));
const mail = (key: string) => ({
  key,
  kind: 'welcome' as const,
  facts: { company: 'Green Shop' },
  createdAt: '2026-11-30T12:00:00.000Z',
});
const rowOf = (key: string) => stores.read('Control', controlKeys.mail(tenant.tenantId, key));

/** A mail service that takes, refuses or breaks off, in the order given, and takes everything afterwards. */
function service(outcomes: readonly ('taken' | 'refused' | 'lost' | 'unanswered')[]) {
  const left = [...outcomes];
  const received: string[] = [];
  const mailer: Mailer = {
    sort: 'notices',
    recipients: async () => people,
    async send(_, { sub }) {
      const outcome = left.shift() ?? 'taken';
      if (outcome === 'refused') throw new MailRefused('too fast');
      if (outcome !== 'lost') received.push(sub);
      if (outcome !== 'taken') throw new Error('no answer');
    },
  };
  return { mailer, received };
}
const send = (mailer: Mailer) => sendMails(control(), tenant.tenantId, mailer).catch((error: unknown) => error);

it('a mail that is refused for some goes to each of them once, and to nobody twice, whatever breaks off and however many send at once', async () => {
  const outcome = fc.constantFrom('taken', 'refused', 'lost', 'unanswered' as const);
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { maxLength: 8 }), fc.boolean(), async (outcomes, together) => {
      serial += 1;
      await announce(control(), tenant.tenantId, mail(`occasion-${serial}`));
      const { mailer, received } = service(outcomes);
      for (let run = 0; run < 9; run += 1) await Promise.all([send(mailer), ...(together ? [send(mailer)] : [])]);
      expect(new Set(received).size).toBe(received.length);
      const lost = outcomes.filter((one) => one === 'lost').length;
      expect(received.length).toBeGreaterThanOrEqual(people.length - lost);
      expect(await rowOf(`occasion-${serial}`)).toMatchObject({ state: 'sent' });
    }),
    { numRuns: 25 },
  );
});

it('one who is refused keeps nobody else from the mail, and it waits for them alone', async () => {
  await announce(control(), tenant.tenantId, mail('one'));
  const { mailer, received } = service(['refused']);
  expect(await send(mailer)).toBeInstanceOf(MailRefused);
  expect(received).toEqual(['ben', 'cho']);
  expect(await newestMail(control(), tenant.tenantId)).toBeUndefined();
  expect(await send(mailer)).toBe(1);
  expect(received).toEqual(['ben', 'cho', 'ann']);
  expect((await newestMail(control(), tenant.tenantId))?.key).toBe('one');
  expect(await rowOf('one')).not.toHaveProperty('gsi1pk');
});
