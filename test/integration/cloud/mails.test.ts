import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from '../../support/members.ts';
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
