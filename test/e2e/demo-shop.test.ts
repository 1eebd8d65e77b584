import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSite } from '@tenantry/local/cloud/site';
import { keptShopKey, openDemoShop } from '@tenantry/local/demo/demo-shop';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage } from './browser.ts';

const screenshots = join(root, 'test-results', 'screenshots');

/** The demo shop as `npm run dev` opens it: every click changes the lists. */
describe.skipIf(!chromiumPath)('the demo shop in a browser', () => {
  let test: TestCloud;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  const list = (name: string): Locator => page.getByRole('region', { name });
  const namesIn = async (name: string): Promise<readonly string[]> =>
    list(name).getByRole('listitem').locator('span.font-medium').allTextContents();
  const screenshot = (name: string) => page.screenshot({ path: join(screenshots, `shop-${name}.png`), fullPage: true });

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startSite(root, build) });
    const file = join(test.dir, 'demo-shop.json');
    const key = await openDemoShop(test.instance, file, () => {});
    expect(keptShopKey(file)).toBe(key);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    complaints = watchPage(page);
    await page.goto(`${test.instance.siteUrl}/shop?key=${key}`);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });

  it('opens with what others look at and buy', async () => {
    await list('Sought after right now').getByRole('listitem').first().waitFor();
    await list('Bestsellers').getByRole('listitem').first().waitFor();
    await expect.poll(() => namesIn('Picked for you')).toHaveLength(6);
    await screenshot('open');
  });

  it('has other lists after each click, which say because of what', async () => {
    const before = await namesIn('Picked for you');
    const opened = before[0] ?? '';
    await list('Picked for you').getByRole('button').first().click();
    await page.getByRole('heading', { name: opened }).waitFor();
    await expect.poll(() => namesIn('Picked for you')).not.toEqual(before);
    await list('Picked for you').getByText(`because of ${opened}`).first().waitFor();
    await list('Similar to this').getByRole('listitem').first().waitFor();
    await expect.poll(() => namesIn('You looked at')).toContain(opened);

    const second = (await namesIn('Similar to this'))[0] ?? '';
    const beforeSecond = await namesIn('Picked for you');
    await list('Similar to this').getByRole('button').first().click();
    await page.getByRole('heading', { name: second }).waitFor();
    await expect.poll(() => namesIn('Picked for you')).not.toEqual(beforeSecond);
    await screenshot('after-two-clicks');
  });

  it('has a list for the cart, and a purchase empties that', async () => {
    await page.getByRole('button', { name: 'Put into the cart' }).click();
    await list('Goes with your cart').getByRole('listitem').first().waitFor();
    await page.getByRole('button', { name: /Buy for/ }).click();
    await expect.poll(() => list('Goes with your cart').count()).toBe(0);
  });

  it('shows what goes over the wire, with the model that answered', async () => {
    const calls = page.getByRole('complementary', { name: 'What goes over the wire' });
    await calls
      .getByText(/by the model mdl_/)
      .first()
      .waitFor();
    await calls.getByText('track · purchase').waitFor();
  });

  it('speaks Korean, too', async () => {
    await page.getByLabel('Language').selectOption({ label: '한국어' });
    await page.getByRole('heading', { name: '데모 쇼핑몰' }).waitFor();
    await list('회원님을 위한 추천').getByRole('listitem').first().waitFor();
    await screenshot('korean');
  });

  it('complained about nothing in the browser’s console', () => {
    expect(complaints).toEqual([]);
  });
});
