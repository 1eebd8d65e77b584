import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { signInByPassword } from './hosted-pages.ts';

/** The site as it is built and deployed, under its own content security policy, in a real browser. */
describe.skipIf(!chromiumPath)('the built site in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let founder: Founder;
  let complaints: readonly string[];
  let refused: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));

  beforeAll(async () => {
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    founder = await test.founder('standard');
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    complaints = watchPage(page);
    refused = await watchPolicy(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = async (): Promise<void> => {
    await page.goto(`${test.instance.siteUrl}/console`);
    await signInByPassword(page, founder.person.email);
    await page.getByRole('heading', { name: 'Health' }).waitFor();
  };
  const sessionCookie = async (path = '/session') =>
    (await context.cookies(test.instance.siteUrl + path)).find(({ name }) => name === 'tenantry-session');
  /** Everything that a script of the page could find. */
  const withinReach = () =>
    page.evaluate<string>(
      'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])',
    );

  it('keeps no token where a script could find it', async () => {
    await signIn();
    const kept = await withinReach();
    expect(kept).not.toMatch(/eyJ/);
    const session = await sessionCookie();
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/session' });
    expect(kept).not.toContain(session?.value);
    // Nor is it sent to anything but the session function.
    expect(await sessionCookie('/v1/me')).toBeUndefined();
  });

  it('stays signed in over a reload, and in another tab', async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    const tab = await context.newPage();
    await tab.goto(`${test.instance.siteUrl}/dashboard`);
    await tab.getByRole('heading', { name: 'Health' }).waitFor();
    await tab.close();
  });

  it('shows every page without breaking its own policy', async () => {
    const missing: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 404) missing.push(response.url());
    });
    const key = await founder.person.createKey('publishable');
    for (const path of [
      `/shop?key=${key}`,
      '/',
      '/dashboard',
      '/explorer',
      '/models',
      '/catalogue',
      '/rules',
      '/performance',
      '/experiments',
      '/connect',
      '/keys',
      '/usage',
      '/exports',
      '/billing',
      '/onboarding',
      '/register',
      '/docs',
      '/nowhere',
    ]) {
      await page.goto(test.instance.siteUrl + path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle');
    }
    expect(refused).toEqual([]);
    expect(missing).toEqual([]);
  }, 120_000);

  it('runs no script that was written into a page', async () => {
    await page.goto(`${test.instance.siteUrl}/`);
    await page.evaluate(`(() => {
      const button = document.createElement('button');
      try {
        button.setAttribute('onclick', 'window.ran = true');
        button.click();
      } catch {}
      const script = document.createElement('script');
      try {
        script.textContent = 'window.ran = true';
      } catch {}
      document.body.append(script);
    })()`);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    await expect.poll(() => refused.map((text) => text.split(' ')[0])).toContain('require-trusted-types-for');
  });

  it('signs out of all tabs, and for whoever kept the cookie', async () => {
    await page.goto(`${test.instance.siteUrl}/dashboard`);
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    const tab = await context.newPage();
    await tab.goto(`${test.instance.siteUrl}/dashboard`);
    await tab.getByRole('heading', { name: 'Health' }).waitFor();
    const kept = await sessionCookie();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    await tab.getByRole('link', { name: 'Sign in' }).first().waitFor();
    expect(new URL(tab.url()).pathname).toBe('/');
    expect(await sessionCookie()).toBeUndefined();
    const replayed = await fetch(`${test.instance.siteUrl}/session/renewal`, {
      method: 'POST',
      headers: {
        origin: test.instance.siteUrl,
        'x-requested-by': 'site',
        cookie: `${kept?.name}=${kept?.value}`,
      },
    });
    expect(replayed.status).toBe(401);
  });

  it('complained about nothing else', () => {
    expect(complaints.filter((text) => !/Content Security Policy|Trusted/i.test(text))).toEqual([]);
  });
});
