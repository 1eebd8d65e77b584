import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startSite } from '@tenantry/local/cloud/site';
import { until } from '@tenantry/local/demo/journey';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage } from './browser.ts';
import { payByCard, signInByPassword, signUp } from './hosted-pages.ts';

if (!chromiumPath) console.warn('No Chromium on this machine: the browser tests are skipped.');

const screenshots = join(root, 'test-results', 'screenshots');
const SHOPPER = 'shopper-42';

/** What a founder's customer does, with real clicks, from the landing page to the first recommendation. */
describe.skipIf(!chromiumPath)('from sign-up to the first recommendation in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let secret = '';
  let shot = 0;

  const screenshot = (name: string) => {
    shot += 1;
    return page.screenshot({
      path: join(screenshots, `${String(shot).padStart(2, '0')}-${name}.png`),
      fullPage: true,
    });
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startSite(root, build) });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    complaints = watchPage(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });

  it('shows the tiers with their prices', async () => {
    await page.goto(test.instance.siteUrl);
    for (const tier of ['Standard', 'Premium', 'Enterprise']) {
      await page.getByRole('heading', { name: tier }).first().waitFor();
    }
    await screenshot('landing');
    await page.getByRole('link', { name: 'All prices and limits' }).click();
    await page.getByText('By the year', { exact: true }).click();
    await page.getByText('KRW', { exact: true }).click();
    await page.getByText('₩690,000').first().waitFor();
    await page.getByRole('rowheader', { name: 'Events', exact: true }).waitFor();
    await screenshot('prices-by-the-year');
  });

  it('signs up by the hosted pages and comes back to the registration', async () => {
    await page
      .getByRole('link', { name: 'Sign up' })
      .or(page.getByRole('button', { name: 'Sign up' }))
      .first()
      .click();
    await signUp(page, test, 'founder@example.com', screenshot);
  });

  it('leads whoever has no company yet from every page of the console to the registration', async () => {
    for (const path of ['/dashboard', '/usage', '/settings']) {
      await page.goto(`${test.instance.siteUrl}${path}`);
      await page.getByRole('heading', { name: 'Create your company' }).waitFor();
    }
    await page.getByText(/a trial costs nothing today/).waitFor();
    expect(await page.getByRole('link', { name: 'All prices and limits' }).getAttribute('href')).toBe('/pricing');
  });

  it('says of an address as it is typed whether it can be had, beside the field', async () => {
    await page.getByLabel('Company name').fill('Green Shop');
    await page.getByText('green-shop is free.').waitFor();
    await page.getByLabel('Address').fill('admin');
    await page.getByText('admin is reserved; choose another.').waitFor();
    await screenshot('register-refused');
  });

  it('registers a premium company and pays on the hosted page', async () => {
    await page.getByLabel('Address').fill('green-shop');
    await page.getByRole('radio', { name: /Premium/ }).check({ force: true });
    await screenshot('register');
    await page.getByRole('button', { name: 'Create company' }).click();
    await page.waitForURL(/\/c\/pay\//);
    await screenshot('checkout');
    await payByCard(page, '4242 4242 4242 4242');
  });

  it('shows the onboarding as it happens, and the way on when it is done, also to who left and came back', async () => {
    await screenshot('onboarding');
    await page.goto(`${test.instance.siteUrl}/console`);
    await page.getByText('Asks for a recommendation as a shopper would.').waitFor();
    await page.getByRole('button', { name: 'Connect your shop' }).waitFor({ timeout: 30_000 });
    await screenshot('onboarding-done');
    await page.getByRole('button', { name: 'Connect your shop' }).click();
    await page.waitForURL(/\/connect/);
  });

  it('has nothing to show before the first event, and says on each page where to begin', async () => {
    for (const path of ['/explorer', '/performance']) {
      await page.goto(`${test.instance.siteUrl}${path}`);
      await page.getByRole('main').locator('a[href="/connect"]').waitFor();
    }
    await page.goto(`${test.instance.siteUrl}/connect`);
  });

  it('makes the first key by one click, shows its secret once, and puts it into the snippet', async () => {
    await page.getByRole('button', { name: 'Create the key' }).click();
    const shown = page.getByLabel('API key secret');
    await shown.waitFor();
    secret =
      (await shown.evaluate((element) => ('value' in element ? String(element.value) : element.textContent))) ?? '';
    expect(secret).toMatch(/^pk_/);
    await page.getByText(`data-key="${secret}"`).waitFor();
    await page.getByText('Waiting for your first event…').waitFor();
    await screenshot('connect');
  });

  it('turns green when the shop’s first events arrive, and leads to what a shopper would be shown', async () => {
    const events = Array.from({ length: 90 }, (_, i) => ({
      shopperId: i < 2 ? SHOPPER : `shopper-${Math.floor(i / 3)}`,
      itemId: `sku-${(i % 3) + 3 * (Math.floor(i / 3) % 8)}`,
      type: 'view',
    }));
    const response = await fetch(`${test.instance.siteUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
    expect(response.status).toBe(202);
    await page.getByText('It works: 90 events arrived.').waitFor({ timeout: 20_000 });
    // A list needs a model: the way on is the training, and nobody is led to an empty list.
    await page.getByText(/Train the first one, which takes seconds/).waitFor();
    await screenshot('connected');
    await page.getByRole('link', { name: 'See the first recommendation' }).click();
    await page.getByText('There is no model yet, and so nothing to recommend.').waitFor();
    expect(await page.getByRole('main').getByRole('link', { name: 'Train a model' }).getAttribute('href')).toBe(
      '/models',
    );
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByRole('heading', { name: 'First steps' }).waitFor({ timeout: 30_000 });
    await page.getByText('2 of 4 done').waitFor();
    await page
      .getByText(/Your events have arrived/)
      .or(page.getByRole('main').locator('.recharts-bar'))
      .first()
      .waitFor();
    await screenshot('dashboard');
  });

  it('trains the first model, and recommends by it what goes with the shopper’s own history', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('button', { name: 'Train now' }).first().click();
    await page.getByText(/mdl_/).first().waitFor({ timeout: 30_000 });
    await screenshot('models');
    await page.getByRole('link', { name: 'Explorer' }).click();
    await page.getByLabel('Look at this shopper').fill(SHOPPER);
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByRole('list', { name: 'What this shopper did' }).getByText('sku-0').waitFor();
    const list = page.getByRole('list', { name: 'Recommendations' });
    // A model that was promoted a moment ago is noticed within seconds.
    await until('a list of the new model', async () => {
      await page.reload();
      const fifth = list.getByRole('listitem').nth(4);
      return fifth.waitFor({ timeout: 3000 }).then(
        () => true,
        () => undefined,
      );
    });
    await screenshot('explorer');
  });

  it('serves a shop’s own page, of another origin, by the snippet’s script', async () => {
    const shop = createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><title>Shop</title><ol id="list"></ol>
        <script src="${test.instance.siteUrl}/sdk.js" data-key="${secret}" data-shopper="shopper-of-the-page"></script>
        <script>
          tenantry.track({ itemId: 'sku-1', type: 'view' });
          window.show = () => tenantry.recommend({ limit: 5 }).then(({ items }) => {
            document.getElementById('list').innerHTML = items.map(({ reason }) => '<li>' + reason).join('');
          });
          tenantry.flush().then(show);
        </script>`);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const visitor = await browser.newPage();
    const errors = watchPage(visitor);
    await visitor.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
    await visitor.locator('#list li').first().waitFor();
    // The list knows of the event that the same page sent before, once one comes from the silo: while that is too busy to answer in time, lists
    // are made for somebody of whom nothing is known.
    await until('a list that knows of the event', async () => {
      await visitor.evaluate('show()');
      return (await visitor.locator('#list li').first().textContent()) === 'co-visited' || undefined;
    });
    expect(errors.filter((text) => !/favicon/.test(text))).toEqual([]);
    await visitor.close();
    shop.close();
  });

  it('says that the company is suspended and what to do, until it is not', async () => {
    const operator = await test.operator();
    const asOperator = { bearer: operator.accessToken };
    const { tenants } = await operator.api('listTenants', asOperator);
    const params = { tenantId: tenants[0]?.id ?? '' };
    await operator.api('suspendTenant', { ...asOperator, params, body: { reason: 'unpaid for two months' } });
    await page.reload();
    await page.getByText('This company is suspended').waitFor();
    await screenshot('suspended');
    await operator.api('reactivateTenant', { ...asOperator, params, query: { reason: 'It was paid' } });
    await until('the reactivation', async () =>
      (await operator.api('readTenant', { ...asOperator, params })).status === 'active' ? true : undefined,
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Recommendation explorer' }).waitFor();
    expect(await page.getByText('This company is suspended').count()).toBe(0);
  });

  it('shows staff the company that it looks at, without what viewers may not see, and lets it go again', async () => {
    const operator = await test.operator();
    const { tenants } = await operator.api('listTenants', { bearer: operator.accessToken });
    const body = { tenantId: tenants[0]?.id ?? '', reason: 'The customer asked for help' };
    await operator.api('startImpersonation', { bearer: operator.accessToken, body });
    const context = await browser.newContext({ locale: 'en-GB' });
    const staff = await context.newPage();
    staff.setDefaultTimeout(20_000);
    await staff.goto(`${test.instance.siteUrl}/console`);
    await staff
      .getByRole('link', { name: 'Sign in' })
      .or(staff.getByRole('button', { name: 'Sign in' }))
      .first()
      .click();
    await signInByPassword(staff, operator.email);
    await staff.getByText(/You look at Green Shop as staff until/).waitFor();
    expect(await staff.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    await staff.screenshot({ path: join(screenshots, '13-impersonation.png'), fullPage: true });
    await staff.getByRole('button', { name: 'Stop looking' }).click();
    await staff.waitForURL((url) => url.pathname !== '/dashboard');
    expect(await staff.getByText(/You look at/).count()).toBe(0);
    await context.close();
  });

  it('stays signed in over a reload, and signs out', async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'Recommendation explorer' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page
      .getByRole('link', { name: 'Sign in' })
      .or(page.getByRole('button', { name: 'Sign in' }))
      .first()
      .waitFor();
    await screenshot('signed-out');
  });

  it('complained about nothing in the browser’s console', () => {
    expect(complaints).toEqual([]);
  });
});
