import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import { localClient } from '@tenantry/local/identity-provider/people';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, root, startTestCloud, type TestCloud, unique } from '../support/test-cloud.ts';
import { runJob } from '../support/usage.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** An owner sets up the company's provider with real clicks, and somebody new comes by it. */
describe.skipIf(!chromiumPath)('single sign-on in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  let owner: Page;
  const domain = `${unique('company')}.example.net`;
  const complaints: (readonly string[])[] = [];
  const refusals: (readonly string[])[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  const visit = async (): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    complaints.push(watchPage(page));
    refusals.push(await watchPolicy(page));
    return { context, page };
  };
  const screenshot = (page: Page, name: string) =>
    page.screenshot({ path: join(screenshots, `sso-${name}.png`), fullPage: true });

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    founder = await test.founder('premium');
    browser = await launchBrowser();
    ({ page: owner } = await visit());
    await owner.goto(`${test.instance.siteUrl}/sso`);
    await signInByPassword(owner, founder.person.email);
    await owner.getByRole('heading', { name: 'Single sign-on', level: 1 }).waitFor();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks for the address on the site, and says to be that person at the provider. */
  async function comeByProvider(page: Page, email: string): Promise<void> {
    await page.goto(`${test.instance.siteUrl}/sign-in`);
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Sign in with your company' }).click();
    await page.getByLabel('Email address').fill(email);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it('proves a domain by a record, and says when the record is not there', async () => {
    await screenshot(owner, 'empty');
    await owner.getByRole('textbox', { name: 'Domain' }).fill(domain);
    await owner.getByRole('button', { name: 'Claim the domain' }).click();
    await owner.getByRole('button', { name: 'Check the record' }).click();
    await owner.getByText(/There is no text record/).waitFor();
    await screenshot(owner, 'record');
    const [name = '', value = ''] = await owner.locator('dd code').allTextContents();
    const { context, page: dns } = await visit();
    await dns.goto(`${test.cloud.urls.identity}/dns`);
    await dns.getByLabel('Name').fill(name);
    await dns.getByLabel('Value').fill(value);
    await dns.getByRole('button', { name: 'Add the record' }).click();
    await dns.getByText(value).waitFor();
    await context.close();
    await owner.getByRole('button', { name: 'Check the record' }).click();
    await owner.getByText('Verified', { exact: true }).waitFor();
  });

  it('says until when a domain counts whose record has gone, and takes it back at once', async () => {
    const name = `_tenantry-verification.${domain}`;
    const records = test.cloud.dns.records().filter((record) => record.name === name);
    for (const record of records) test.cloud.dns.remove(record);
    const now = new Date(Date.now() + 2 * 24 * 3600 * 1000).toISOString();
    await runJob(test.cloud, 'check-domains', { now });
    await owner.reload();
    await owner.getByText(/This TXT record was not found any more/).waitFor();
    await screenshot(owner, 'missing');
    for (const record of records) test.cloud.dns.add(record);
    await owner.getByRole('button', { name: 'Check the record' }).click();
    await owner.getByText('Verified', { exact: true }).waitFor();
  });

  it('takes the provider, says what is wrong with one that does not answer, and shows no secret', async () => {
    await owner.getByLabel('Issuer').fill('https://10.0.0.1');
    await owner.getByLabel('Client ID').fill(localClient.id);
    await owner.getByLabel('Client secret').fill(localClient.secret);
    await owner.getByRole('button', { name: 'Save the provider' }).click();
    await owner.getByText('must be a public https address').waitFor();
    await owner.getByLabel('Issuer').fill(`${test.cloud.urls.identity}/acme`);
    await owner.getByRole('button', { name: 'Save the provider' }).click();
    await owner.getByText('The provider is saved.').waitFor();
    expect(await owner.getByLabel('Client secret').inputValue()).toBe('');
    expect(await owner.content()).not.toContain(localClient.secret);
    await screenshot(owner, 'provider');
  });

  it('leads somebody new of the domain into the company, and refuses who comes with another address', async () => {
    const { context, page } = await visit();
    await comeByProvider(page, `grace@${domain}`);
    await page
      .getByRole('heading', { name: /Shop/ })
      .or(page.getByRole('link', { name: 'Dashboard' }))
      .first()
      .waitFor();
    await page.goto(`${test.instance.siteUrl}/sso`);
    await page.getByText('Not open to you at the moment').waitFor();
    await context.close();

    const stranger = await visit();
    await stranger.page.goto(`${test.instance.siteUrl}/sign-in`);
    await stranger.page.getByLabel('Email').fill(`x@${domain}`);
    await stranger.page.getByRole('button', { name: 'Continue' }).click();
    await stranger.page.getByRole('button', { name: 'Sign in with your company' }).waitFor();
    await screenshot(stranger.page, 'sign-in');
    await stranger.page.getByRole('button', { name: 'Sign in with your company' }).click();
    await stranger.page.getByLabel('Email address').fill('somebody@gmail.com');
    await stranger.page.getByRole('button', { name: 'Sign in' }).click();
    await stranger.page.getByText(/may not speak for this mail address/).waitFor();
    await screenshot(stranger.page, 'refused');
    await stranger.context.close();
  });

  it('becomes a duty, which sends people of the domain to the provider at once', async () => {
    await owner.reload();
    await owner.getByLabel(/Everybody with an address/).check();
    await owner.getByText('The rules are saved.').waitFor();
    await screenshot(owner, 'rules');
    // By a link into the console, which asks who signs in first.
    const { context, page } = await visit();
    await page.goto(`${test.instance.siteUrl}/users`);
    await page.getByLabel('Email').fill(`ada@${domain}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Sign in at acme' }).waitFor();
    await context.close();
  });

  it('takes another provider by its metadata’s file, and by SAML somebody new comes through the pages of the provider', async () => {
    await owner.getByRole('button', { name: 'Remove the provider' }).click();
    await owner.getByRole('button', { name: /Really remove/ }).click();
    await owner.getByText('SAML 2.0').click();
    const metadata = await fetch(`${test.cloud.urls.identity}/acme/saml/metadata`);
    const file = { name: 'idp.xml', mimeType: 'text/xml', buffer: Buffer.from(await metadata.arrayBuffer()) };
    await owner.getByLabel('Or its file').setInputFiles(file);
    await owner.getByRole('button', { name: 'Save the provider' }).click();
    await owner.getByText(/metadata that were given as a document/).waitFor();
    const { context, page } = await visit();
    await comeByProvider(page, `heidi@${domain}`);
    await page.getByRole('button', { name: 'Go on to the application' }).click();
    await page.getByRole('link', { name: 'Dashboard' }).waitFor();
    await context.close();
    await owner.goto(`${test.instance.siteUrl}/users`);
    await owner.getByText(`heidi@${domain}`).waitFor();
    await owner.goto(`${test.instance.siteUrl}/sso`);
    await owner.getByText('1 person has signed in by the provider so far.').waitFor();
    await screenshot(owner, 'saml');
  });

  it('is of use on a narrow screen, without scrolling sideways', async () => {
    await owner.setViewportSize({ width: 390, height: 900 });
    const fits = () => owner.evaluate('document.documentElement.scrollWidth <= window.innerWidth');
    expect(await fits()).toBe(true);
    await screenshot(owner, 'narrow');
  });

  it('complained about nothing', () => {
    // What is refused on purpose is answered with a 400, which a browser reports by itself.
    expect(complaints.flat().filter((text) => !/status of 400/.test(text))).toEqual([]);
    expect(refusals.flat()).toEqual([]);
  });
});
