import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitationTokenFor } from '../support/members.ts';
import { type Founder, root, startTestCloud, type TestCloud, unique } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { mailsTo, signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');
const PASSWORD = 'Correct-horse-7-battery';

/** An owner invites people with real clicks; each comes by the mail, signs up, and meets what its role may and may not do. */
describe.skipIf(!chromiumPath)('invitations in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  let owner: Page;
  const complaints: (readonly string[])[] = [];
  const refusals: (readonly string[])[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  const visit = async (): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    complaints.push(watchPage(page));
    refusals.push(await watchPolicy(page));
    return { context, page };
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    founder = await test.founder('standard');
    browser = await launchBrowser();
    ({ page: owner } = await visit());
    await owner.goto(`${test.instance.siteUrl}/console`);
    await signInByPassword(owner, founder.person.email);
    await owner.getByRole('link', { name: 'Users' }).click();
    await owner.getByRole('heading', { name: 'Invitations' }).waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** By the owner's clicks. @returns the address */
  async function invite(role: string): Promise<string> {
    const email = `${unique('colleague')}@example.com`;
    await owner.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByLabel('Mail address').fill(email);
    await dialog.getByLabel('Role').selectOption({ label: role });
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await owner.getByRole('listitem').filter({ hasText: email }).waitFor();
    return email;
  }

  /** From the link in the mail, over the hosted sign-up, to the company. */
  async function comeByMail(page: Page, email: string): Promise<void> {
    await page.goto(`${test.instance.siteUrl}/invitation#${await invitationTokenFor(test, email)}`);
    await page.locator('main').getByRole('button', { name: 'Sign up' }).click();
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.locator('form button[type=submit], form button:not([type])').first().click();
    await page.waitForURL(/\/confirm/);
    const [newest] = await mailsTo(test, email);
    await page.getByLabel(/code/i).fill(/\b(\d{6})\b/.exec(JSON.stringify(newest))?.[1] ?? '');
    await page.locator('form button').first().click();
    await page.getByText(`asks ${email} to join`).waitFor();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
  }

  it.each([
    { role: 'Admin', keys: true, users: true, invites: true, billing: true },
    { role: 'Member', keys: true, users: true, invites: false, billing: false },
    { role: 'Viewer', keys: false, users: false, invites: false, billing: false },
  ])(
    'lets a new $role in by the mail, shows what the role may see, and asks for nothing else',
    async (wanted) => {
      const email = await invite(wanted.role);
      const { context, page } = await visit();
      const refused: string[] = [];
      page.on('response', (response) => {
        if (response.status() === 403) refused.push(response.url());
      });
      await comeByMail(page, email);
      await page.waitForLoadState('networkidle');
      const seen = {
        keys: (await page.getByRole('link', { name: 'API keys' }).count()) > 0,
        billing: (await page.getByRole('link', { name: 'Billing' }).count()) > 0,
      };
      await page.goto(`${test.instance.siteUrl}/users`);
      await page.getByRole('heading', { name: 'What each role may do' }).waitFor();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(screenshots, `users-as-${wanted.role.toLowerCase()}.png`), fullPage: true });
      expect({
        role: wanted.role,
        ...seen,
        users: (await page.getByText(founder.person.email).count()) > 0,
        invites: (await page.getByRole('button', { name: 'Invite somebody' }).count()) > 0,
      }).toEqual(wanted);
      // What the role may not see is not even asked for.
      expect(refused).toEqual([]);
      await context.close();
    },
    90_000,
  );

  it('gives a role, lets somebody go and takes that back, lets them go for good, and says so to the last owner who may not leave', async () => {
    await owner.reload();
    const select = owner.getByLabel(/^Role of colleague/).first();
    await select.selectOption({ label: 'Viewer' });
    await expect.poll(() => select.inputValue()).toBe('viewer');
    const before = await owner.getByLabel(/^Role of colleague/).count();
    const members = async () => {
      const { users } = await founder.person.api('listUsers', { bearer: founder.person.accessToken });
      return users.length;
    };
    const all = await members();
    await owner
      .getByRole('button', { name: /^Remove: colleague/ })
      .first()
      .click();
    await expect.poll(() => owner.getByLabel(/^Role of colleague/).count()).toBe(before - 1);
    await owner.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => owner.getByLabel(/^Role of colleague/).count()).toBe(before);
    expect(await members()).toBe(all);
    await owner
      .getByRole('button', { name: /^Remove: colleague/ })
      .first()
      .click();
    await expect.poll(members, { timeout: 20_000 }).toBe(all - 1);
    await expect.poll(() => owner.getByLabel(/^Role of colleague/).count()).toBe(before - 1);
    await owner.getByRole('button', { name: 'Leave company' }).click();
    await owner.getByRole('button', { name: 'Leave now?' }).click();
    await owner.getByText(/at least one owner/).waitFor();
    await owner.screenshot({ path: join(screenshots, 'users-as-owner.png'), fullPage: true });
  });

  it('speaks Korean throughout', async () => {
    await owner.getByLabel('Language', { exact: true }).selectOption('ko');
    await owner.getByRole('heading', { name: '역할별로 할 수 있는 일' }).waitFor();
    await owner.screenshot({ path: join(screenshots, 'users-in-korean.png'), fullPage: true });
  });

  it('broke no policy, and complained about nothing but what was refused', () => {
    expect(refusals.flat()).toEqual([]);
    // The last owner's leaving is answered with a 409, which a browser reports by itself.
    expect(complaints.flat().filter((text) => !/status of 409/.test(text))).toEqual([]);
  });
});
