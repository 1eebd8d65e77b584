import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** The provider's staff at work, with real clicks. */
describe.skipIf(!chromiumPath)('the console of the staff in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  let staff: Page;
  let complaints: readonly string[];
  let refused: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  const signIn = async (page: Page, email: string): Promise<void> => {
    await page.goto(`${test.instance.siteUrl}/operator`);
    await page.getByLabel(/mail/i).fill(email);
    await page.getByLabel('Password').first().fill('Correct-horse-7-battery');
    await page.getByRole('button', { name: /sign in/i }).click();
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
    founder = await test.founder('standard');
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
    await staff.getByLabel('Address or id').fill('no-such-shop');
    await staff.getByRole('button', { name: 'Find' }).click();
    await staff.getByText('There is none.').waitFor();
    await staff.getByLabel('Address or id').fill(founder.slug);
    await staff.getByRole('button', { name: 'Find' }).click();
    await staff.getByRole('link', { name: `Shop ${founder.slug}` }).waitFor();
    await screenshot('operator-companies');
    await staff.getByRole('link', { name: `Shop ${founder.slug}` }).click();
    await staff.getByRole('heading', { name: 'What has happened' }).waitFor();
    await staff.getByText('tenant.registered').waitFor();
    await screenshot('operator-company');
  });

  it('suspends with a reason that stands in the log, and reactivates', async () => {
    await staff.getByRole('button', { name: 'Suspend' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('Unpaid for two months');
    await staff.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await staff.getByText('Suspended: Unpaid for two months').waitFor();
    await staff.getByText(/reason: Unpaid for two months/).waitFor();
    await screenshot('operator-suspended');
    await staff.getByRole('button', { name: 'Reactivate' }).click();
    await staff.getByRole('dialog').getByLabel('Reason').fill('It was paid');
    await staff.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
    await staff.getByText('Suspended: Unpaid for two months').waitFor({ state: 'detached' });
    await staff.getByRole('button', { name: 'Suspend' }).waitFor();
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
    await staff.getByRole('button', { name: 'Stop looking' }).click();
    await staff.waitForURL((url) => url.pathname === '/');
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
