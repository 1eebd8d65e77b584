import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSite } from '@tenantry/local/cloud/site';
import { until } from '@tenantry/local/demo/journey';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage } from './browser.ts';
import { mailsTo, payByCard, signUp, typeCard } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');
const OWNER = 'owner@example.com';

/** A subscription's first weeks, in the time of a test clock, as the owner sees them in a browser. */
describe.skipIf(!chromiumPath)('from the trial through a failed renewal back to being served, in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  /** The owner's window. */
  let page: Page;
  /** The local Stripe's overview, where time is made to pass. */
  let stripe: Page;
  let complaints: readonly string[];
  let shot = 0;

  const screenshot = (name: string, of = page) => {
    shot += 1;
    return of.screenshot({
      path: join(screenshots, `billing-${String(shot).padStart(2, '0')}-${name}.png`),
      fullPage: true,
    });
  };
  const pass = async (button: 'A day on' | 'A week on') => {
    await stripe.getByRole('button', { name: button }).click();
    await expect
      .poll(
        async () => {
          await stripe.reload();
          return stripe.getByRole('button', { name: button }).count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
  };
  const mailAbout = (subject: RegExp) =>
    until(`a mail ${subject}`, async () => (await mailsTo(test, OWNER)).find((mail) => subject.test(mail.subject)));
  const openBilling = async () => {
    await page.goto(`${test.instance.siteUrl}/billing`);
    await page.getByRole('heading', { name: 'Plan' }).waitFor();
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startSite(root, build), waitScale: 0.02 });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    complaints = watchPage(page);
    stripe = await browser.newPage();
    stripe.setDefaultTimeout(20_000);
    await stripe.goto(test.instance.stripeUrl);
    await stripe.getByRole('button', { name: 'Let new customers live on a test clock' }).click();
    await stripe.getByRole('heading', { name: 'Test clocks' }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });

  it('begins a trial that costs nothing yet, with a card that will fail', async () => {
    await page.goto(test.instance.siteUrl);
    await page.getByRole('link', { name: 'Sign up' }).first().click();
    await signUp(page, test, OWNER, screenshot);
    await page.getByLabel('Company name').fill('Blue Shop');
    await page.getByRole('radio', { name: /Standard/ }).check({ force: true });
    await page.getByRole('button', { name: 'Create company' }).click();
    await page.waitForURL(/\/c\/pay\//);
    await page.getByText('14 days free').waitFor();
    await screenshot('checkout-with-trial');
    await payByCard(page, '4000 0000 0000 0341');
    await page.getByText('Open dashboard').waitFor({ timeout: 30_000 });
    await openBilling();
    await page.getByText(/Free until/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await screenshot('trial');
  });

  it('hears three days before that the trial ends', async () => {
    await pass('A week on');
    for (let day = 0; day < 4; day += 1) await pass('A day on');
    await mailAbout(/trial of Blue Shop ends/);
  });

  it('sees on every page that the renewal failed, and is mailed what to do', async () => {
    for (let day = 0; day < 4; day += 1) await pass('A day on');
    await mailAbout(/payment of Blue Shop failed/);
    await openBilling();
    await page.getByText('A payment failed').waitFor();
    await screenshot('payment-failed');
    await page.goto(`${test.instance.siteUrl}/dashboard`);
    await page.getByText('A payment failed').waitFor();
    await page.getByText(/\$49 is owed/).waitFor();
    await page.getByRole('link', { name: 'Pay now' }).waitFor();
  });

  it('is suspended when the days of grace are over', async () => {
    for (let day = 0; day < 3; day += 1) await pass('A day on');
    await pass('A week on');
    await mailAbout(/Blue Shop is suspended/);
    await page.reload();
    await page.getByText('The company is suspended').first().waitFor();
    await screenshot('suspended');
  });

  it('is served again once a card that works has paid, on Stripe’s own page', async () => {
    await openBilling();
    await page.getByRole('button', { name: 'Cards, address, cancellation' }).click();
    await page.waitForURL(/\/p\/session\//);
    await page.getByText('Change card').click();
    await typeCard(page, '4242 4242 4242 4242');
    await page.getByRole('button', { name: 'Save card' }).click();
    await page.getByRole('status').waitFor();
    await screenshot('portal');
    await page.getByRole('button', { name: 'Pay now' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Pay now' }).count()).toBe(0);
    await page.getByRole('link', { name: /Back|Return/i }).click();
    await mailAbout(/payment of Blue Shop arrived/);
    await expect
      .poll(
        async () => {
          await page.goto(`${test.instance.siteUrl}/dashboard`);
          await page.getByRole('heading', { name: 'Health' }).waitFor();
          return page.getByText('active', { exact: true }).count();
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBe(1);
    expect(await page.getByRole('alert').count()).toBe(0);
    await screenshot('active-again');
  });

  it('sees what another tier costs before it moves there, and moves while it is served', async () => {
    await openBilling();
    await page.getByRole('button', { name: 'Move to Premium' }).click();
    await page.getByText(/With this change the next invoice is US\$[\d.,]+, on \d+ \w+ \d{4}\./).waitFor();
    await page.getByText(/Nothing is charged until that invoice/).waitFor();
    await screenshot('tier-preview');
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    await page.getByRole('button', { name: 'Move to Premium' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The company is moving to another tier.').waitFor();
    await screenshot('moving');
    await expect
      .poll(
        async () => {
          await page.goto(`${test.instance.siteUrl}/dashboard`);
          await page.getByRole('heading', { name: 'Health' }).waitFor();
          const badge = (text: string) => page.getByText(text, { exact: true }).count();
          return [await badge('Premium'), await badge('active')];
        },
        { timeout: 90_000, interval: 1000 },
      )
      .toEqual([1, 1]);
  }, 120_000);

  it('complained about nothing in the browser’s console', () => {
    // A page that is open at the moment of the suspension may ask once more before it knows.
    expect(complaints.filter((text) => !/status of 403/.test(text))).toEqual([]);
  });
});
