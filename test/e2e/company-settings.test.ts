import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import { until } from '@tenantry/local/demo/journey';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** An owner sets up a webhook, reads the audit log, renames the company, and leaves and comes back, all by clicks. */
describe.skipIf(!chromiumPath)('the settings of a company in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  let page: Page;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let complaints: readonly string[] = [];
  let refusals: readonly string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  /** Each state of the page in both themes and languages, wide and narrow. */
  async function shoot(name: string): Promise<void> {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(screenshots, `settings-${name}-${width}.png`), fullPage: true });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wide, `${name} at ${width}`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    receiver = await startReceiver();
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    founder = await test.founder('standard');
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    complaints = watchPage(page);
    refusals = await watchPolicy(page);
    await page.goto(`${test.instance.siteUrl}/console`);
    await signInByPassword(page, founder.person.email);
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
  }, 400_000);

  afterAll(async () => {
    await browser?.close();
    await test?.close();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes a webhook, shows its secret once, and what became of a test event', async () => {
    await page.getByText('Nobody is told of anything yet').waitFor();
    await shoot('webhooks-empty');
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('http://10.0.0.1/');
    await dialog.getByLabel('Description').fill('Back office');
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    await dialog.getByText('Choose at least one type of event.').waitFor();
    await dialog.getByRole('checkbox', { name: /An API key was created/ }).check();
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    await dialog.getByText('must begin with https://').waitFor();
    await dialog.getByLabel('Address').fill(receiver.url);
    await shoot('webhook-form');
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    const secret = page.getByRole('dialog', { name: 'The signing secret' });
    expect(await secret.getByText(/^whsec_/).textContent()).toMatch(/^whsec_[A-Za-z0-9+/=]{44}$/);
    await shoot('webhook-secret');
    await secret.getByRole('button', { name: 'I have copied it' }).click();
    await secret.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Send a test event' }).click();
    const row = page.getByRole('row').filter({ hasText: 'webhook.test' });
    await row.getByText('Delivered').waitFor();
    expect(JSON.parse(receiver.received[0]?.body ?? '{}')).toMatchObject({ type: 'webhook.test' });
    await row.getByRole('button', { name: /Details/ }).click();
    await page.getByRole('dialog').getByText('204 after').waitFor();
    await shoot('delivery');
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await row.getByText('2 attempts').waitFor();
    await shoot('webhooks');
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Switch off' }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The webhook Back office is deleted, with its log.').waitFor();
    await page.getByText('Nobody is told of anything yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('heading', { name: 'Back office' }).waitFor();
    const { webhooks } = await founder.person.api('listWebhooks', { bearer: founder.person.accessToken });
    expect(webhooks).toHaveLength(1);
  }, 120_000);

  it('asks for the erasure of shoppers from a list, and says before what cannot be undone', async () => {
    const key = await founder.person.createKey('secret');
    const events = ['anna', 'ben', 'ben'].map((shopperId) => ({ shopperId, itemId: 'lamp', type: 'view' }));
    await founder.person.api('collectEvents', { bearer: key, body: { events } });
    await until('the events', async () => {
      const seen = await founder.person.api('listRecentEvents', { bearer: founder.person.accessToken });
      return seen.events.length === events.length || undefined;
    });
    await page.getByRole('link', { name: 'Erasures' }).click();
    await page.getByText('Nobody was erased yet').waitFor();
    await shoot('erasures-empty');
    await page.getByRole('button', { name: 'Erase shoppers' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('Enter the id of a shopper.').waitFor();
    await dialog.getByLabel('Ids of the shoppers').fill('anna\nben smith');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText(/No id of a shopper in line 2/).waitFor();
    await dialog.getByLabel('Or choose a file').setInputFiles({
      name: 'shoppers.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('name;shopper_id\nAnna;anna\nBen;ben\n'),
    });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('dialog', { name: 'Erase 2 shoppers for good?' }).waitFor();
    await dialog.getByText('anna, ben').waitFor();
    await dialog.getByText(/This cannot be undone/).waitFor();
    await shoot('erasures-sure');
    await dialog.getByRole('button', { name: 'Erase 2 shoppers' }).click();
    await page.getByText('The erasure of 2 shoppers is asked for.').waitFor();
    await page.getByRole('rowheader', { name: /anna/ }).waitFor();
    await page
      .getByText(/^step \d of 4$/)
      .first()
      .waitFor();
    await shoot('erasures');
  }, 60_000);

  it('renames the company, and takes it back', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    const name = page.getByLabel('Name', { exact: true });
    const before = await name.inputValue();
    await name.fill('Lamps & More');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The company is called Lamps & More now.').waitFor();
    await shoot('settings');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(`The company is called ${before} now.`).waitFor();
  }, 60_000);

  it('finds entries of the audit log, makes a file of them, and checks their chain', async () => {
    await until('the seals', async () => {
      const { entries } = await founder.person.api('listAudit', { bearer: founder.person.accessToken });
      return entries.every(({ sealed }) => sealed !== null) || undefined;
    });
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('row').filter({ hasText: 'Webhook created' }).waitFor();
    await shoot('audit');
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Company renamed' });
    const rows = page.getByRole('table').getByRole('rowheader');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel('Who', { exact: true }).selectOption({ label: founder.person.email });
    await page.getByText('Last 24 hours').click();
    await expect.poll(() => rows.count()).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('tenant.renamed');
    await page.getByRole('button', { name: 'Details: Company renamed' }).first().click();
    await page
      .getByRole('dialog')
      .getByText(/Sealed as number \d+/)
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText(/Unbroken up to entry \d+/).waitFor();
    await shoot('audit-chain');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('row').filter({ hasText: 'Webhook created' }).waitFor();
  }, 90_000);

  it('gives the certificate of an erasure as a file, and names the shopper nowhere any more', async () => {
    await page.getByRole('link', { name: 'Erasures' }).click();
    const downloads = page.getByRole('button', { name: /^Download the certificate/ });
    await expect.poll(() => downloads.count(), { timeout: 200_000 }).toBe(2);
    await shoot('erasures-done');
    const [file] = await Promise.all([page.waitForEvent('download'), downloads.first().click()]);
    const certificate = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(certificate).toMatchObject({ remaining: 0, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(certificate.deleted.recentEvents).toBeGreaterThan(0);
    expect(JSON.stringify(certificate)).not.toMatch(/"(anna|ben)"/);
    expect(await page.getByText(/^(anna|ben)$/).count()).toBe(0);
    const { events } = await founder.person.api('listRecentEvents', { bearer: founder.person.accessToken });
    expect(events).toEqual([]);
  }, 240_000);

  it('deactivates the company by its typed name, says so on every page, and undoes it', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Deactivate the company' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/to confirm/).fill('something-else');
    await dialog.getByRole('button', { name: 'Deactivate the company' }).click();
    await dialog.getByText('This is not the address of the company.').waitFor();
    await dialog.getByLabel(/to confirm/).fill(founder.slug);
    await shoot('deactivate');
    await dialog.getByRole('button', { name: 'Deactivate the company' }).click();
    await page.getByText(/is being closed/).waitFor();
    await page.goto(`${test.instance.siteUrl}/dashboard`);
    await page.getByRole('heading', { name: 'What happens when' }).waitFor();
    await page.getByText(/^Until \d+ \w+ \d{4}, \d\d:\d\d$/).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Data export' }).waitFor();
    await shoot('leaving-dashboard');
    await page.getByRole('navigation').getByRole('link', { name: 'Audit log' }).click();
    await page.getByText(/Everything is deleted for good after/).waitFor();
    await shoot('leaving');
    await page.getByRole('button', { name: 'Undo the deactivation' }).click();
    await page.getByText('The company is back.').waitFor();
    await page.getByText(/is being closed/).waitFor({ state: 'hidden' });
    // It comes back as a suspended company does, step by step.
    const back = await until('the company', async () => {
      const tenant = await founder.person.api('getTenant', { bearer: founder.person.accessToken });
      return tenant.status === 'active' ? tenant : undefined;
    });
    expect(back.deactivation).toBeNull();
  }, 90_000);

  it('is readable in the dark and in Korean, and complained about nothing', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.evaluate("localStorage.setItem('tenantry.language', 'ko')");
    for (const [path, title] of [
      ['/settings/webhooks', '웹훅'],
      ['/audit', '감사 기록'],
      ['/settings', '설정'],
    ] as const) {
      await page.goto(`${test.instance.siteUrl}${path}`);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByRole('main').getByRole('button').first().waitFor();
      await shoot(`dark-ko-${path.split('/').at(-1)}`);
    }
    // What the API refuses is Korean, too.
    await page.goto(`${test.instance.siteUrl}/settings/webhooks`);
    await page.getByRole('button', { name: '새 웹훅' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('주소').fill('http://10.0.0.1/');
    await dialog.getByRole('checkbox').first().check();
    await dialog.getByRole('button', { name: '새 웹훅' }).click();
    await dialog.getByText('https://로 시작해야 합니다').waitFor();
    // The refusals of addresses that cannot be told.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    expect(refusals).toEqual([]);
  }, 60_000);
});
