import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { counterPartitions } from '@tenantry/core/attribution/counters';
import type { Audience as CallAudience } from '@tenantry/core/contract/announcements';
import { isTenantId, newId, type TenantId } from '@tenantry/core/ids/id';
import { weekBefore } from '@tenantry/core/report/week';
import { usageKeys } from '@tenantry/core/usage/keys';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { join } from '../../support/members.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { runJob } from '../../support/usage.ts';

let test: TestCloud;
let operator: Person;
let founder: Founder;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
  founder = await test.founder('standard');
}, 240_000);
afterAll(() => test?.close());

interface ReceivedMail {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function inboxOf({ email }: Person): Promise<readonly ReceivedMail[]> {
  const response = await fetch(`${test.instance.inboxUrl}/api/messages?to=${encodeURIComponent(email)}`);
  return ((await response.json()) as { messages: ReceivedMail[] }).messages;
}

/** Runs the job that sends what waits, twice: what was sent is not sent again. */
async function sendWhatWaits(): Promise<void> {
  for (let time = 0; time < 2; time += 1) await runJob(test.cloud, 'review-billing');
}

/** The mails of this subject, once there is one and what waits was sent again. */
async function mailsAbout(subject: RegExp): Promise<readonly ReceivedMail[]> {
  await until(`a mail ${subject}`, async () => {
    await sendWhatWaits();
    return (await inboxOf(founder.person)).some((mail) => subject.test(mail.subject)) ? true : undefined;
  });
  await sendWhatWaits();
  return (await inboxOf(founder.person)).filter((mail) => subject.test(mail.subject));
}

it('a person’s mails are in the language that the person chose, whatever that of the company is', async () => {
  const other = await test.signUp();
  await join(test, other, founder.tenantId, 'owner');
  const bearer = other.accessToken;
  expect((await other.api('getMe', { bearer })).language).toBeNull();
  expect(await other.api('updateMe', { bearer, body: { language: 'ko' } })).toEqual({ language: 'ko' });
  expect((await other.api('getMe', { bearer })).language).toBe('ko');
  await mailsAbout(/is ready$/);
  // Whoever becomes an owner before a mail goes out gets it, too.
  const [mail, ...others] = (await inboxOf(other)).filter(({ subject }) => subject.endsWith('준비가 끝났습니다'));
  expect(mail?.text).toContain('/dashboard');
  expect(others).toEqual([]);
}, 60_000);

describe('the report of a week', () => {
  /** What the meters and the counters of lists would hold, had the shop been busy on the first day of last week. */
  async function wasBusy(tenantId: TenantId, day: string): Promise<void> {
    const put = (table: 'Usage' | 'Attribution', Item: Record<string, unknown>) =>
      rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, table), Item }));
    await put('Usage', { ...usageKeys.day(tenantId, 'events_collected', day), steps: 1234 });
    await put('Attribution', {
      pk: counterPartitions(tenantId)[0],
      sk: `${day}#personal#m1#none`,
      day,
      kind: { scenario: 'personal', modelVersion: 'm1', variant: 'none' },
      impressions: 8,
      clickedLists: 2,
      revenue_usd: 4200,
    });
  }

  it('goes once to each owner and administrator who wants it, with figures, a chart, and a way out that needs no sign-in', async () => {
    const { tenantId } = founder;
    if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
    const [administrator, viewer, unsubscribed] = [await test.signUp(), await test.signUp(), await test.signUp()];
    await join(test, administrator, tenantId, 'admin');
    await join(test, viewer, tenantId, 'viewer');
    await join(test, unsubscribed, tenantId, 'admin');
    const choice = { bearer: unsubscribed.accessToken, body: { weeklyReport: false } };
    expect(await unsubscribed.api('chooseMails', choice)).toEqual({ weeklyReport: false, announcements: true });
    await wasBusy(tenantId, weekBefore(new Date()).first);

    const reports = async (person: Person) =>
      (await inboxOf(person)).filter(({ subject }) => subject.endsWith(': your week'));
    for (let time = 0; time < 2; time += 1) {
      await runJob(test.cloud, 'weekly-report');
      await until('the report', async () => {
        await runJob(test.cloud, 'send-circulars');
        return (await reports(administrator)).length > 0 ? true : undefined;
      });
    }
    // By the other job it would go to owners alone, without the headers.
    await sendWhatWaits();
    const [mail, ...others] = await reports(administrator);
    expect(others).toEqual([]);
    expect(await reports(founder.person)).toHaveLength(1);
    expect([...(await reports(viewer)), ...(await reports(unsubscribed))]).toEqual([]);
    expect(mail?.text).toMatch(/Events: 1,234 [\s\S]*Lists clicked in: 25% [\s\S]*Revenue after a click: \$42\.00 /);
    expect(mail?.html).toMatch(/<table[^>]*width="100%"[\s\S]*class="fill"/);

    const { 'List-Unsubscribe': header = '', 'List-Unsubscribe-Post': post } = mail?.headers ?? {};
    expect(post).toBe('List-Unsubscribe=One-Click');
    const url = /^<(https?:[^>]+)>$/.exec(header)?.[1] ?? '';
    const one = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(post),
    };
    const mails = async () => (await administrator.api('getMe', { bearer: administrator.accessToken })).mails;
    expect((await fetch(url)).status).toBe(404);
    expect(await mails()).toEqual({ weeklyReport: true, announcements: true });
    const answer = await fetch(url, one);
    expect([answer.status, await answer.json()]).toEqual([200, { category: 'weeklyReport' }]);
    expect(await mails()).toEqual({ weeklyReport: false, announcements: true });
    // A token that somebody made up, and one that was changed.
    expect(
      (
        await fetch(
          url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace(/unsubscribe\/./, 'unsubscribe/Z'),
          one,
        )
      ).status,
    ).toBe(404);
    expect((await fetch(`${url}.x`, one)).status).toBe(400);
  }, 120_000);
});

describe('an announcement', () => {
  const text = {
    subject: { en: 'Maintenance soon', ko: '점검 안내' },
    body: { en: 'We work on **Sunday**.\n\n- All is served.', ko: '**일요일**에 점검합니다.' },
  };
  const place = (announcementId: string, audience: CallAudience) =>
    operator.api('sendAnnouncement', {
      bearer: operator.accessToken,
      params: { announcementId },
      body: { ...text, audience },
    });
  const listed = async (id: string) =>
    (await operator.api('listAnnouncements', { bearer: operator.accessToken })).announcements.find(
      (one) => one.id === id,
    );
  const got = async (person: Person, subject: string) =>
    (await inboxOf(person)).filter((mail) => mail.subject === subject).length;

  it('is tried on oneself, and then goes once to each who wants it, in their language, however often it is asked for', async () => {
    const bearer = operator.accessToken;
    const tested = await operator.api('testAnnouncement', { bearer, body: { ...text, language: 'ko' } });
    expect(tested).toEqual({ to: operator.email });
    expect(await got(operator, '점검 안내')).toBe(1);

    const { tenantId } = founder;
    if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
    const [korean, without] = [await test.signUp(), await test.signUp()];
    for (const person of [korean, without]) await join(test, person, tenantId, 'admin');
    await korean.api('updateMe', { bearer: korean.accessToken, body: { language: 'ko' } });
    await without.api('chooseMails', { bearer: without.accessToken, body: { announcements: false } });

    const id = newId('announcement');
    expect(await place(id, { kind: 'tier', tier: 'standard' })).toMatchObject({
      id,
      state: 'waiting',
      companies: null,
    });
    expect(await place(id, { kind: 'tier', tier: 'standard' })).toMatchObject({ id, state: 'waiting' });
    const other = place(id, { kind: 'all' });
    expect(await codeOf(other)).toBe('conflict');
    const sent = await until('the announcement', async () => {
      await runJob(test.cloud, 'send-circulars');
      const found = await listed(id);
      return found?.state === 'sent' ? found : undefined;
    });
    expect(sent).toMatchObject({ companies: 1, reached: 1 });
    await runJob(test.cloud, 'send-circulars');
    expect(await place(id, { kind: 'tier', tier: 'standard' })).toMatchObject({ state: 'sent' });
    expect(await got(founder.person, 'Maintenance soon')).toBe(1);
    expect([await got(korean, '점검 안내'), await got(korean, 'Maintenance soon')]).toEqual([1, 0]);
    expect(await got(without, 'Maintenance soon')).toBe(0);
    const { entries } = await operator.api('listStaffLog', { bearer });
    expect(entries.filter(({ action }) => action === 'announcement.sent')).toHaveLength(1);
  }, 120_000);

  it('goes to nobody but the companies that it is for, and to none that there is not', async () => {
    const nowhere = place(newId('announcement'), { kind: 'company', tenantId: newId('tenant') });
    expect(await codeOf(nowhere)).toBe('invalid_request');
    const id = newId('announcement');
    await place(id, { kind: 'tier', tier: 'enterprise' });
    const sent = await until('its end', async () => {
      await runJob(test.cloud, 'send-circulars');
      const found = await listed(id);
      return found?.state === 'sent' ? found : undefined;
    });
    expect(sent).toMatchObject({ companies: 0, reached: 0 });
    expect(await got(founder.person, 'Maintenance soon')).toBe(1);
  }, 120_000);
});

describe('the owner of a company gets one mail', () => {
  it('when the company is ready', async () => {
    const [mail, ...others] = await mailsAbout(/is ready$/);
    expect(others).toEqual([]);
    expect(mail?.text).toMatch(/Make a publishable key/);
    expect(mail?.text).toContain('/dashboard');
  }, 60_000);

  it('when staff suspends it, and one when it is served again', async () => {
    const { tenantId } = founder;
    const bearer = operator.accessToken;
    await operator.api('suspendTenant', { bearer, params: { tenantId }, body: { reason: 'looked into' } });
    expect(await mailsAbout(/was suspended$/)).toHaveLength(1);
    await operator.api('reactivateTenant', { bearer, params: { tenantId }, query: { reason: 'all is well' } });
    expect(await mailsAbout(/is served again$/)).toHaveLength(1);
  }, 60_000);

  it('when an export that it asked for can be fetched', async () => {
    await founder.person.refresh();
    await founder.person.api('startExport', { bearer: founder.person.accessToken });
    const [mail, ...others] = await mailsAbout(/^The export of .* is ready$/);
    expect(others).toEqual([]);
    expect(mail?.text).toMatch(/\d+ files/);
  }, 60_000);

  it('when somebody of it deletes it, with the way to undo that', async () => {
    const { person, slug } = founder;
    await person.api('deactivateTenant', { bearer: person.accessToken, query: { confirm: slug } });
    const [mail, ...others] = await mailsAbout(/will be deleted$/);
    expect(others).toEqual([]);
    expect(mail?.text).toMatch(/for good after .* UTC[\s\S]*Undo the deactivation: http/);
  }, 60_000);
});
