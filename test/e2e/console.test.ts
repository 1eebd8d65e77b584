import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@tenantry/core/ids/id';
import { startSite } from '@tenantry/local/cloud/site';
import { until } from '@tenantry/local/demo/journey';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { chromiumPath, launchBrowser, watchPage } from './browser.ts';
import { signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots');
const SHOPPERS = 240;
const EVENTS_AT_ONCE = 100;

/** Shoppers who look at four neighbours each, so that there is something to learn and to hold back. */
const visits = Array.from({ length: SHOPPERS }, (_, shopper) =>
  Array.from({ length: 4 }, (_, step) => ({
    id: newId('event'),
    shopperId: `shopper-${shopper}`,
    itemId: `sku-${(shopper + step) % 12}`,
    type: 'view',
  })),
).flat();

/** What the people of a shop do day by day, each on the page that is for it. */
describe.skipIf(!chromiumPath)('the pages of the console', () => {
  let test: TestCloud;
  let founder: Founder;
  let key: string;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  const screenshot = (name: string) =>
    page.screenshot({ path: join(screenshots, `console-${name}.png`), fullPage: true });
  const open = async (name: string, heading: string) => {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startSite(root, build) });
    founder = await test.founder('standard');
    key = await founder.person.createKey('secret');
    for (let start = 0; start < visits.length; start += EVENTS_AT_ONCE) {
      const body = { events: visits.slice(start, start + EVENTS_AT_ONCE) };
      await founder.person.api('collectEvents', { bearer: key, body });
    }
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(15_000);
    complaints = watchPage(page);
    await page.goto(`${test.instance.siteUrl}/console`);
    await signInByPassword(page, founder.person.email);
    await page.getByRole('heading', { name: 'Health' }).waitFor();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });

  it('show on the dashboard that the shop sends, the figures with what was before, and what to do next', async () => {
    await page
      .getByText(/^(\d+ (second|minute)s? ago|now)$/)
      .first()
      .waitFor();
    await page.getByRole('radio', { name: /Click-through/ }).check({ force: true });
    await page.getByRole('heading', { name: 'Click-through by the day' }).waitFor();
    await page.getByText('90 days', { exact: true }).click();
    await page.getByText('nothing in the 90 days before').first().waitFor();
    await page.getByText('2 of 4 done').waitFor();
    await screenshot('dashboard');
  });

  it('show single events as they arrive, found by type and shopper, and stand still while they are paused', async () => {
    const send = (shopperId: string, type: string) =>
      founder.person.api('collectEvents', {
        bearer: key,
        body: { events: [{ id: newId('event'), shopperId, itemId: 'sku-1', type }] },
      });
    const rowOf = (shopperId: string) => page.getByRole('link', { name: `Look at ${shopperId} in the explorer` });
    await open('Live events', 'Live events');
    await page
      .getByRole('link', { name: /^Look at shopper-/ })
      .first()
      .waitFor();
    await send('Somebody-new', 'purchase');
    await rowOf('Somebody-new').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'Somebody-new' });
    expect(await row.textContent()).toMatch(/Somebody-new.*bought.*sku-1/);
    await page.getByRole('radio', { name: 'Bought' }).check({ force: true });
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(2);
    await page.getByRole('radio', { name: 'All' }).check({ force: true });
    await page.getByLabel('Shopper', { exact: true }).fill('somebody');
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused. Nothing moves until you go on.').waitFor();
    await send('somebody-else', 'view');
    await until('the other event', async () => {
      const { events } = await founder.person.api('listRecentEvents', { bearer: founder.person.accessToken });
      return events.find(({ shopperId }) => shopperId === 'somebody-else');
    });
    expect(await rowOf('somebody-else').count()).toBe(0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await rowOf('somebody-else').waitFor();
    await screenshot('live');
  });

  it('train a model phase by phase, and show how good it is over time and which version serves', async () => {
    await until('the archive', async () => {
      const { archivedEvents } = await founder.person.api('getActivity', { bearer: founder.person.accessToken });
      return archivedEvents >= visits.length ? true : undefined;
    });
    await open('Models', 'Models');
    await page.getByRole('button', { name: 'Train now' }).first().click();
    await page.getByText('serving', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('heading', { name: 'Quality of each training' }).waitFor();
    await page.getByText('As a table').first().click();
    await page.getByRole('columnheader', { name: 'Mean reciprocal rank' }).waitFor();
    await page.locator('.recharts-line').first().waitFor({ state: 'attached' });
    await screenshot('models');
  });

  it('explore what a shopper is shown and why, and compare two lists', async () => {
    await open('Explorer', 'Recommendation explorer');
    await page
      .getByRole('button', { name: 'shopper-1', exact: true })
      .or(page.getByRole('button', { name: /^shopper-/ }))
      .first()
      .click();
    await page.getByRole('list', { name: 'What this shopper did' }).getByRole('listitem').nth(3).waitFor();
    const lists = page.getByRole('list', { name: 'Recommendations' });
    // A model that was promoted a moment ago is noticed within seconds.
    await until('a list that says why', async () => {
      await page.reload();
      return page
        .getByText(/because of sku-/)
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => undefined,
        );
    });
    await page
      .getByText(/^\d[\d,]* ms$/)
      .first()
      .waitFor();
    await page.getByLabel('Compare two lists').check();
    await lists.nth(1).getByRole('listitem').first().waitFor();
    await page.getByText(/in both lists/).waitFor();
    await screenshot('explorer');
  });

  it('take a file into the catalogue but for its bad line, which is named, and give back what was deleted', async () => {
    await open('Catalogue', 'Catalogue');
    await page.getByRole('button', { name: 'Upload a file' }).first().click();
    const file = [
      'id,title,category,price,currency,available,colour',
      ...Array.from({ length: 12 }, (_, n) => `sku-${n},"Lamp, no. ${n}",Lamps > Desk,${n + 1}.50,EUR,true,black`),
      'sku-bad,Lamp,Lamps,twelve,EUR,true,black',
    ].join('\n');
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel('Choose a file')
      .setInputFiles({ name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
    await dialog.getByText('1 line has something wrong and is left out').waitFor();
    await dialog.getByText(/Line 14.*price.*must be a number/).waitFor();
    await screenshot('catalogue-upload');
    await dialog.getByRole('button', { name: 'Upload 12 items' }).click();
    await page.getByText('12 items are uploaded.').first().waitFor();
    await page.getByRole('button', { name: 'Edit: sku-3' }).waitFor();
    await page.getByLabel('Search id, title or category').fill('no. 7');
    await expect.poll(() => page.getByRole('button', { name: /^Edit: / }).count()).toBe(1);
    await page.getByRole('button', { name: 'Delete: sku-7' }).click();
    await page.getByText('No item holds this').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('button', { name: 'Edit: sku-7' }).click();
    await dialog.getByLabel('Title').fill('Reading lamp');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByLabel('Search id, title or category').fill('reading');
    await page.getByText('Reading lamp', { exact: true }).waitFor();
    await screenshot('catalogue');
  });

  it('try a rule on a list before it is kept, switch it off, and take that back', async () => {
    await open('Rules', 'Rules');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('New lamp first');
    await dialog.getByText('Put at a place').click();
    await dialog.getByLabel('Ids of the items, with commas').fill('sku-never-seen');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    const after = dialog.getByRole('list', { name: 'With this rule' });
    await after.getByText('new in the list').waitFor();
    expect(await after.getByRole('listitem').first().textContent()).toContain('sku-never-seen');
    expect(await dialog.getByRole('list', { name: 'As it is' }).textContent()).not.toContain('sku-never-seen');
    await screenshot('rule-preview');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const toggle = page.getByLabel('New lamp first counts in lists');
    await toggle.click();
    await page.getByText('New lamp first counts in no list now.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => toggle.isChecked()).toBe(true);
    await screenshot('rules');
  });

  it('start an experiment, say that it is not yet telling, and end it', async () => {
    await open('Experiments', 'Experiments');
    await page.getByRole('button', { name: 'Start an experiment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Question').fill('Mixed categories?');
    await dialog.getByLabel('Shoppers, %').first().fill('60');
    await dialog.getByText('Together 110 %; it must be 100 %.').waitFor();
    await dialog.getByLabel('Shoppers, %').nth(1).fill('40');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'Mixed categories?' }).waitFor();
    await page.getByText('Nobody has seen it yet').first().waitFor();
    await screenshot('experiment');
    await page.getByRole('button', { name: 'End it' }).click();
    await dialog.getByRole('radio', { name: 'mixed' }).check();
    await dialog.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Everybody gets mixed now.').waitFor();
  });

  it('show what lists came to, with what the purchases were worth', async () => {
    const { api } = founder.person;
    const shopperId = 'shopper-1';
    const list = await api('recommend', { bearer: key, body: { shopperId, scenario: 'bestsellers' } });
    const itemId = list.items.find((item) => item.itemId.startsWith('sku-') && item.reason !== 'pinned')?.itemId;
    const entry = { type: 'click', recommendationId: list.recommendationId, shopperId, itemId };
    await api('sendFeedback', { bearer: key, body: { feedback: [entry] } });
    const bought = { id: newId('event'), shopperId, itemId, type: 'purchase' };
    await api('collectEvents', { bearer: key, body: { events: [bought] } });
    await open('Performance', 'Performance');
    await until('the purchase', async () => {
      await page.reload();
      return page
        .getByText(/^€\d+\.50$/)
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => undefined,
        );
    });
    await page.getByRole('rowheader', { name: 'Bestsellers' }).waitFor();
    await screenshot('performance');
  });

  it('make a key with an end, whose secret is shown once, revoke it, take that back, and revoke it by leaving', async () => {
    await open('API keys', 'API keys');
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('For the summer');
    await dialog.getByLabel('Works for').selectOption({ label: '30 days' });
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    const secret = await dialog.getByLabel('API key secret').inputValue();
    expect(secret).toMatch(/^pk_/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('For the summer').waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    await screenshot('keys');
    await page.getByRole('button', { name: 'Revoke: For the summer' }).click();
    await page.getByText('The key For the summer is revoked.').waitFor();
    const revoke = page.getByRole('button', { name: 'Revoke: For the summer' });
    await expect.poll(() => revoke.count()).toBe(0);
    const named = async () => {
      const { apiKeys } = await founder.person.api('listApiKeys', { bearer: founder.person.accessToken });
      return apiKeys.some(({ name }) => name === 'For the summer');
    };
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await revoke.click();
    await expect.poll(() => revoke.count()).toBe(0);
    expect(await named()).toBe(true);
    // Whoever leaves has not undone it.
    await page.goto(`${test.instance.siteUrl}/usage`);
    await until('the key to be gone', async () => ((await named()) ? undefined : true));
  });

  it('show what was used against what is included', async () => {
    await open('Usage', 'Usage');
    await page.getByRole('heading', { name: 'Next invoice' }).waitFor();
    await page
      .getByText(/of .* included/)
      .first()
      .waitFor();
    // A company of today is in the first day of its period, and a pooled one has no silo to read about.
    await page.getByText(/^Day 1 of \d+$/).waitFor();
    expect(await page.getByText('Hours of the own silo').count()).toBe(0);
    await screenshot('usage');
  });

  it('complain about nothing in the browser’s console, and fit on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of [
      'dashboard',
      'live',
      'models',
      'explorer',
      'catalogue',
      'rules',
      'performance',
      'experiments',
      'keys',
      'usage',
    ]) {
      await page.goto(`${test.instance.siteUrl}/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect({ path, tooWide: await page.evaluate('document.documentElement.scrollWidth > innerWidth') }).toEqual({
        path,
        tooWide: false,
      });
    }
    expect(complaints).toEqual([]);
  });
});
