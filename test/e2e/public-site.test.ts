import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { tooWide, violationsOf } from './accessibility.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** The site as it is deployed: documents for everybody, and the application behind them. */
describe.skipIf(!chromiumPath)('the public pages in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let founder: Founder;
  /** Without scripts, as search engines and careful people come. */
  let plain: BrowserContext;
  let addresses: readonly string[];

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    const folder = join(root, 'test-results', 'public-site');
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    founder = await test.founder('standard');
    browser = await launchBrowser();
    plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const sitemap = await (await fetch(`${test.instance.siteUrl}/sitemap.xml`)).text();
    addresses = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) => address);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });

  it('are all in the sitemap, in both languages, and robots are told of it', async () => {
    const { siteUrl } = test.instance;
    expect(addresses.length).toBeGreaterThanOrEqual(22);
    for (const path of ['/', '/ko', '/pricing', '/ko/guide/api', '/legal/imprint']) {
      expect(addresses.map((address) => new URL(address).pathname)).toContain(path);
    }
    expect(await (await fetch(`${siteUrl}/robots.txt`)).text()).toContain(`Sitemap: ${siteUrl}/sitemap.xml`);
  });

  it('can be read without a script, each in its language, with what search engines ask for', async () => {
    const page = await plain.newPage();
    const refused = await watchPolicy(page).catch(() => []);
    const titles = new Set<string>();
    for (const address of addresses) {
      await page.goto(address);
      const korean = new URL(address).pathname.startsWith('/ko');
      expect(await page.locator('h1').count(), address).toBe(1);
      expect(await page.locator('html').getAttribute('lang'), address).toBe(korean ? 'ko' : 'en');
      expect(await page.locator('h1').innerText(), address).toMatch(korean ? /[가-힣]/ : /[A-Za-z]/);
      const head = (selector: string, name: string) => page.locator(`head ${selector}`).getAttribute(name);
      expect(await head('link[rel=canonical]', 'href')).toBe(address);
      expect((await head('meta[name=description]', 'content'))?.length, address).toBeGreaterThan(10);
      expect(await page.locator('head link[hreflang]').count(), address).toBe(3);
      expect(await head('meta[property="og:title"]', 'content')).toBe(await page.title());
      titles.add(await page.title());
    }
    expect(titles.size).toBe(addresses.length);
    expect(refused).toEqual([]);
    await page.close();
  }, 120_000);

  it.each(['light', 'dark'] as const)(
    'are accessible, in the %s theme',
    async (colorScheme) => {
      const context = await browser.newContext({ viewport: { width: 360, height: 800 }, colorScheme });
      const page = await context.newPage();
      for (const address of addresses) {
        await page.goto(address);
        expect(await violationsOf(page), address).toEqual([]);
        expect(await tooWide(page), address).toEqual([]);
      }
      await context.close();
    },
    180_000,
  );

  it('lead only to what is there', async () => {
    const page = await plain.newPage();
    const links = new Set<string>();
    for (const address of addresses) {
      await page.goto(address);
      for (const link of await page.locator('a[href], img[src], source[srcset]').all()) {
        const target =
          (await link.getAttribute('href')) ?? (await link.getAttribute('src')) ?? (await link.getAttribute('srcset'));
        links.add(new URL(target ?? '', address).href.split('#')[0] ?? '');
      }
    }
    for (const link of links) expect((await fetch(link)).status, link).toBe(200);
    await page.close();
  }, 120_000);

  it('say so when there is nothing, and leave the rest to the application', async () => {
    const { siteUrl } = test.instance;
    expect((await fetch(`${siteUrl}/guide/nothing`)).status).toBe(404);
    expect((await fetch(`${siteUrl}/ko/nothing`)).status).toBe(404);
    const application = await (await fetch(`${siteUrl}/billing`)).text();
    expect(application).toContain('<meta name="robots" content="noindex"');
  });

  it('show one price at a time, chosen without a script', async () => {
    const page = await plain.newPage();
    await page.goto(`${test.instance.siteUrl}/pricing`);
    const standard = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'Standard' }) });
    await standard.getByText('$49', { exact: true }).waitFor();
    await page.getByText('By the year', { exact: true }).click();
    await page.getByText('KRW', { exact: true }).click();
    await standard.getByText('₩690,000', { exact: true }).waitFor();
    expect(await standard.getByText('$49', { exact: true }).isVisible()).toBe(false);
    await page.close();
  });

  it('start the SDK with a key, and what it sends arrives', async () => {
    const { person } = founder;
    const key = await person.createKey('publishable');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const [complaints, refused] = [watchPage(page), await watchPolicy(page)];
    await page.goto(`${test.instance.siteUrl}/guide/sdk`);
    await page.getByLabel('Publishable key').fill('sk_secret');
    await page.getByRole('button', { name: 'init' }).click();
    await page.getByText('That is no publishable key').waitFor();
    await page.getByLabel('Publishable key').fill(key);
    await page.getByRole('button', { name: 'init' }).click();
    await page.getByRole('button', { name: 'track' }).click();
    await page.getByText(/POST \/v1\/events/).waitFor();
    await page
      .getByText(/"accepted"/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'recommend' }).click();
    await page
      .getByText(/"recommendationId"/)
      .first()
      .waitFor();
    await page.screenshot({ path: join(screenshots, 'public-sdk.png'), fullPage: true });
    const calls = await page.locator('[data-calls]').innerText();
    expect(calls).not.toContain(key);
    await expect
      .poll(async () => (await person.api('getActivity', { bearer: person.accessToken })).archivedEvents, {
        timeout: 20_000,
      })
      .toBeGreaterThanOrEqual(1);
    expect([complaints, refused]).toEqual([[], []]);
    await page.close();
  }, 60_000);

  it('send requests from the reference, with the key that was given', async () => {
    const key = await founder.person.createKey('publishable');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const refused = await watchPolicy(page);
    await page.goto(`${test.instance.siteUrl}/guide/api`);
    const route = page.locator('#recommend');
    await route.getByText('Try it').click();
    await route.getByRole('button', { name: 'Send' }).click();
    await route.getByText('Answer: 401').waitFor();
    await page.getByLabel('API key or access token').fill(key);
    await route.getByLabel('Body').fill('{"shopperId":"shopper-1"}');
    await route.getByRole('button', { name: 'Send' }).click();
    await route.getByText('Answer: 200').waitFor();
    await page.screenshot({ path: join(screenshots, 'public-api.png') });
    expect(refused).toEqual([]);
    await page.close();
  }, 60_000);

  it('say how the service is, and keep the theme and the language for the application', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const complaints = watchPage(page);
    await page.goto(`${test.instance.siteUrl}/ko/status`);
    await expect.poll(() => page.getByText(/^정상 응답/).count(), { timeout: 20_000 }).toBe(4);
    await page.getByLabel('테마').selectOption('dark');
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.screenshot({ path: join(screenshots, 'public-status-ko.png'), fullPage: true });
    await page.goto(`${test.instance.siteUrl}/shop`);
    await page.getByRole('heading', { level: 1, name: /[가-힣]/ }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  it('lead from a tier to the sign-up', async () => {
    const page = await browser.newPage();
    await page.goto(`${test.instance.siteUrl}/pricing`);
    await page.getByRole('link', { name: 'Start with Premium' }).click();
    await page.waitForURL((url) => url.origin !== test.instance.siteUrl);
    expect(page.url()).toContain('signup');
    await page.close();
  }, 30_000);
});
