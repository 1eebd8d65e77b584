import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import { until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootClient, tableName } from '../support/rows.ts';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { runJob } from '../support/usage.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { mailsTo, signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** The provider's staff at work, with real clicks. */
describe.skipIf(!chromiumPath)('the console of the staff in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  let other: Founder;
  let staff: Page;
  let complaints: readonly string[];
  let refused: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  const signIn = async (page: Page, email: string): Promise<void> => {
    await page.goto(`${test.instance.siteUrl}/operator`);
    await signInByPassword(page, email);
  };
  const newPage = async (): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return page;
  };
  const screenshot = (name: string) => staff.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    [founder, other] = await Promise.all([test.founder('standard'), test.founder('standard')]);
    const operator = await test.operator();
    browser = await launchBrowser();
    staff = await newPage();
    complaints = watchPage(staff);
    refused = await watchPolicy(staff);
    await signIn(staff, operator.email);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists companies, and finds one by its address', async () => {
    await staff.getByRole('link', { name: `Shop ${founder.slug}` }).waitFor();
    const find = async (search: string) => {
      await staff.getByLabel('Name, address, id or mail address of a user').fill(search);
      await staff.getByRole('button', { name: 'Find' }).click();
    };
    await find('no-such-shop');
    await staff.getByText('No company matches.').waitFor();
    for (const search of [founder.slug, founder.person.email]) {
      await find(search);
      await staff.getByRole('link', { name: `Shop ${founder.slug}` }).waitFor();
      await staff.getByText('1 found').waitFor();
    }
    await staff.getByLabel('Status').selectOption('suspended');
    await staff.getByText('No company matches.').waitFor();
    await staff.getByLabel('Status').selectOption('');
    await staff.getByRole('link', { name: `Shop ${founder.slug}` }).waitFor();
    await screenshot('operator-companies');
    await staff.getByRole('link', { name: `Shop ${founder.slug}` }).click();
    await staff.getByRole('heading', { name: 'What has happened' }).waitFor();
    await staff.getByText('tenant.registered').waitFor();
    await staff
      .getByText(/^An owner usr_/)
      .first()
      .waitFor();
    await screenshot('operator-company');
  });

  it('suspends with a reason that stands in the log, and reactivates', async () => {
    await staff.getByRole('button', { name: 'Suspend' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('Unpaid for two months');
    await staff.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await staff.getByText('Suspended: Unpaid for two months').waitFor();
    await staff
      .getByText(/^Staff \(you, .+@.+\) usr_.+ · .*reason: Unpaid for two months/)
      .first()
      .waitFor();
    await screenshot('operator-suspended');
    await staff.getByRole('button', { name: 'Reactivate' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('It was paid');
    await staff.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
    await staff.getByText('Suspended: Unpaid for two months').waitFor({ state: 'detached' });
    await staff.getByRole('button', { name: 'Suspend' }).waitFor();
    await staff.getByText(/why: It was paid/).waitFor();
  });

  /** Does something to the company, with a reason and what else is asked. */
  const act = async (
    name: string,
    reason: string,
    fill: (dialog: Locator) => Promise<unknown> = async () => undefined,
  ) => {
    await staff.getByRole('button', { name }).click();
    const dialog = staff.getByRole('dialog');
    await fill(dialog);
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  it('extends a trial', async () => {
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await act('Extend the trial', 'Its developer was ill', (dialog) =>
      dialog.getByLabel('New end of the trial (UTC)').fill(day),
    );
    await staff.getByText('billing.trialExtended').waitFor();
  });

  it('begins a set-up again that has failed', async () => {
    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName: tableName(test.cloud, 'Control'),
        Key: { pk: `TENANT#${other.tenantId}`, sk: 'META' },
        UpdateExpression: 'SET #status = :failed, gsi1pk = :index',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':failed': 'failed', ':index': 'STATUS#failed' },
      }),
    );
    await staff.goto(`${test.instance.siteUrl}/operator/${other.tenantId}`);
    await act('Begin the set-up again', 'The quota is raised');
    await staff.getByText('onboarding.retried').waitFor();
    await staff.getByRole('button', { name: 'Suspend' }).waitFor();
  });

  it('moves a company to another tier', async () => {
    await act('Change the tier', 'Agreed on the phone', (dialog) =>
      dialog.getByLabel('New tier').selectOption('premium'),
    );
    await staff.getByText('tenant.tier.requested').waitFor();
    await staff.goto(`${test.instance.siteUrl}/operator/${founder.tenantId}`);
    await staff.getByRole('heading', { name: 'What has happened' }).waitFor();
  });

  it('deletes nothing before the address of the company was typed', async () => {
    await staff.getByRole('button', { name: 'Delete now' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Just trying');
    await dialog.getByLabel('Address of the company').fill('another');
    expect(await dialog.getByRole('button', { name: 'Delete now' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('looks at the company’s console with a reason, under a banner, and lets it go', async () => {
    await staff.getByRole('button', { name: 'Look at its console' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('The customer asked for help');
    await staff.getByRole('dialog').getByRole('button', { name: 'Look at its console' }).click();
    await staff.getByText(/You look at Shop .* as staff until/).waitFor();
    await staff.getByRole('heading', { level: 1, name: `Shop ${founder.slug}` }).waitFor();
    // What viewers may not see is not asked for, which the browser would complain of.
    for (const page of ['billing', 'audit', 'settings/webhooks', 'sso', 'users']) {
      await staff.goto(`${test.instance.siteUrl}/${page}`);
      await staff.getByText(/^Staff sees what viewers of the company see/).waitFor();
    }
    await staff.getByRole('button', { name: 'Stop looking' }).click();
    await staff.waitForURL((url) => url.pathname === '/');
  });

  it('stops looking only after the page has its answers, which would be refused then', async () => {
    const ended: string[] = [];
    staff.on('request', (request) => {
      if (request.method() === 'DELETE') ended.push(request.url());
    });
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await staff.route('**/v1/tenant/activity?*', async (route) => {
      asked.resolve();
      await held.promise;
      await route.continue();
    });
    await staff.goto(`${test.instance.siteUrl}/operator/${founder.tenantId}`);
    await act('Look at its console', 'The customer asked once more');
    await asked.promise;
    const stop = staff.getByRole('button', { name: 'Stop looking' });
    await stop.click();
    await until('the button to have been pressed', async () => ((await stop.isDisabled()) ? true : undefined));
    expect(ended).toEqual([]);
    held.resolve();
    await staff.waitForURL((url) => url.pathname === '/');
    expect(ended).toHaveLength(1);
    await staff.unroute('**/v1/tenant/activity?*');
  });

  const open = async (page: string) => {
    await staff.goto(`${test.instance.siteUrl}/operator`);
    await staff.getByRole('navigation').getByRole('link', { name: page }).click();
    await staff.getByRole('heading', { level: 1, name: page }).waitFor();
  };

  it('shows when jobs ran, and gives a dead letter back', async () => {
    await runJob(test.cloud, 'watch-health');
    const { rootCredentials: credentials, urls, graph } = test.cloud;
    const sqs = new SQSClient({ endpoint: urls.aws, region: 'us-east-1', credentials });
    const { id } = resourceNamed(graph, 'aws:sqs/queue:Queue', 'BillingEventsDeadLettersQueue');
    const QueueUrl = id.replace(/^https:\/\/[^/]+/, urls.aws);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"planted":true}' }));
    sqs.destroy();
    await open('Jobs and queues');
    const job = staff.getByRole('row', { name: /watch-health/ });
    await job.getByText('Went well', { exact: true }).waitFor();
    await job.getByText('watch-health · every 10 minutes').waitFor();
    const queue = staff.getByRole('row', { name: /Events from Stripe/ });
    await queue.getByText('Look at 1 of them').click();
    await queue.getByText('{"planted":true}').waitFor();
    await screenshot('operator-jobs');
    await queue.getByRole('button', { name: 'Give back' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('Stripe answers again');
    await staff.getByRole('dialog').getByRole('button', { name: 'Give back' }).click();
    await staff.getByText('1 letters given back.').waitFor();
    await staff.getByText('queue.redriven').waitFor();
  });

  it('shows the fleet, the finances and the reconciliation', async () => {
    await open('Fleet');
    await staff.getByText('New silos get local.').waitFor();
    await open('Finance');
    await staff.getByRole('main').getByRole('link', { name: 'Jobs and queues' }).waitFor();
    await open('Reconciliation');
    await staff.getByText('It has not been compared yet.').waitFor();
    await runJob(test.cloud, 'reconcile');
    await open('Reconciliation');
    await screenshot('operator-reconciliation');
  });

  it('sets a flag, of which the company hears', async () => {
    const isLive = async () => {
      const { flags } = await founder.person.api('getMe', { bearer: founder.person.accessToken });
      return flags?.['live-activity'];
    };
    expect(await isLive()).toBe(true);
    await open('Flags');
    await staff.getByText('Off', { exact: true }).click();
    await staff.getByRole('button', { name: 'Set' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('It costs too much today');
    await staff.getByRole('dialog').getByRole('button', { name: 'Set' }).click();
    await staff.getByText('The flag is set.').waitFor();
    await screenshot('operator-flags');
    await until('the company to hear of it', async () => ((await isLive()) === false ? true : undefined));
  });

  it('writes an announcement in both languages, tries it, sends it to a company, and sees when it is there', async () => {
    await open('Announcements');
    const texts = [
      { language: 'English', named: 'English', subject: 'Moving day', body: 'We move **on Monday** to a new home.' },
      { language: '한국어', named: 'Korean', subject: '이전 안내', body: '**월요일**에 이전합니다.' },
    ];
    for (const { language, named, subject, body } of texts) {
      await staff.getByRole('group', { name: 'Language of the text' }).getByText(language).click();
      await staff.getByLabel(`Subject in ${named}`).fill(subject);
      await staff.getByLabel(`Text in ${named}`).fill(body);
      await staff.getByRole('region', { name: 'Preview' }).getByText(subject, { exact: true }).waitFor();
    }
    await staff.getByRole('button', { name: 'Send me a test' }).click();
    await staff.getByText(/^Sent to .* in Korean\.$/).waitFor();
    await staff.getByText('One company', { exact: true }).click();
    await staff.getByLabel('Id of the company').fill(other.tenantId);
    await staff.getByRole('button', { name: 'Send now' }).click();
    await staff.getByRole('button', { name: 'Really send it to this company?' }).click();
    const row = staff.getByRole('row', { name: /Moving day/ });
    await row.getByText('Waits for its turn').waitFor();
    const mails = () => mailsTo(test, other.person.email);
    await until('the mail', async () => {
      await runJob(test.cloud, 'send-circulars');
      return (await mails()).find(({ subject }) => subject === 'Moving day');
    });
    await runJob(test.cloud, 'send-circulars');
    await row.getByText('1 of 1 company').waitFor();
    await row.getByText('Sent', { exact: true }).waitFor();
    expect((await mails()).filter(({ subject }) => subject === 'Moving day')).toMatchObject([
      { text: expect.stringContaining('We move on Monday to a new home.') },
    ]);
    await screenshot('operator-announcements');
  });

  it('shows nobody else anything, and does not even ask for it', async () => {
    const page = await newPage();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v1/operator')) asked.push(request.url());
    });
    await signIn(page, founder.person.email);
    await page.getByRole('heading', { name: 'This page is for staff.' }).waitFor();
    expect(asked).toEqual([]);
    await page.context().close();
  });

  it('broke no policy, and complained about nothing', () => {
    expect(refused).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
