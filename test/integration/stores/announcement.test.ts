import {
  type AnnouncementId,
  countReached,
  listAnnouncements,
  placeAnnouncement,
} from '@tenantry/core/announcement/announcement';
import { controlKeys } from '@tenantry/core/control/keys';
import { changePreferences, readPreferencesOf } from '@tenantry/core/identity/mail-preferences';
import { newId } from '@tenantry/core/ids/id';
import { type Mailer, sendMails } from '@tenantry/core/mail/outbox';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { finish, layDown, noteSent, openAnnouncements } from '@tenantry/functions/announcing';
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
const tables = () => ({ control: control(), auditTable: 'Audit' });
const text = { subject: { en: 'Soon', ko: '곧' }, body: { en: 'We move.', ko: '이전합니다.' } };
const actor = { kind: 'operator', sub: 'sub-1', userId: newId('user') } as const;
const context = { actor, at: new Date('2026-11-30T12:00:00.000Z') };
const toTenant = () => ({ ...text, audience: { kind: 'company', tenantId: tenant.tenantId } as const });
const find = async (id: AnnouncementId) => (await listAnnouncements(control(), 100)).find((one) => one.id === id);

it('an announcement is placed once, with one entry in the log, and its id is taken by no other', async () => {
  const id = newId('announcement');
  const first = await placeAnnouncement(tables(), id, toTenant(), context);
  expect(await placeAnnouncement(tables(), id, toTenant(), { ...context, at: new Date() })).toEqual(first);
  const other = placeAnnouncement(tables(), id, { ...toTenant(), audience: { kind: 'all' } }, context);
  expect(await other.catch((error: unknown) => error)).toMatchObject({ code: 'conflict' });
  const log = (await stores.rows('Audit')).filter(({ details }) => JSON.stringify(details).includes(id));
  expect(log).toHaveLength(1);
});

it('it reaches each company that it is for once, whatever is done again, and ends when everybody has it', async () => {
  const id = newId('announcement');
  const other = await storedTenant(stores);
  await placeAnnouncement(tables(), id, toTenant(), context);
  const received: string[] = [];
  const mailer = (tenantId: Tenant['tenantId']): Mailer => ({
    sort: 'circulars',
    recipients: async () => [{ sub: 'ann', email: 'ann@example.com', preferences: {} }],
    send: async ({ facts }) => {
      received.push(`${tenantId} ${facts.announcement?.subject.en}`);
    },
    sent: (mail) => noteSent(control(), tenantId, mail),
  });
  for (let run = 0; run < 3; run += 1) {
    const announcement = (await openAnnouncements(control())).find((one) => one.id === id);
    if (announcement?.state === 'waiting') {
      for (let time = 0; time < 2; time += 1) await layDown(control(), announcement, control);
    }
    for (const { tenantId } of [tenant, other]) await sendMails(control(), tenantId, mailer(tenantId));
    if (announcement?.state === 'sending') await finish(control(), announcement);
  }
  expect(received).toEqual([`${tenant.tenantId} Soon`]);
  expect(await countReached(control(), id)).toBe(1);
  expect(await find(id)).toMatchObject({ state: 'sent', companies: 1, reached: 1 });
});

it('what people chose is kept by each of them apart, and what is not named stays', async () => {
  const subs = ['one', 'two', 'three'].map((name) => `${name}-${tenant.tenantId}`);
  for (const sub of subs) await stores.put('Control', { ...controlKeys.user(sub), email: 'a@example.com' });
  const [one = '', two = ''] = subs;
  await changePreferences(control(), one, { language: 'ko' });
  await changePreferences(control(), one, { announcements: false });
  await changePreferences(control(), two, { weeklyReport: false });
  await changePreferences(control(), two, { weeklyReport: true });
  expect(await readPreferencesOf(control(), subs)).toEqual(
    new Map([
      [one, { language: 'ko', announcements: false }],
      [two, { weeklyReport: true }],
    ]),
  );
});
