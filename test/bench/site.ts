import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import type { BrowserContext } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../e2e/browser.ts';
import { fillActivity, type Vitals, vitalsOf, watchVitals } from '../e2e/vitals.ts';
import { root, startTestCloud } from '../support/test-cloud.ts';
import { pageSizes } from '../web/page-sizes.ts';
import { type Measurement, measured, middle } from './measurement.ts';

const RUNS = 7;
const MANY_POINTS = 10_000;
const PASSWORD = 'Correct-horse-7-battery';
const publicPages = ['/', '/pricing', '/docs', '/ko'] as const;
/** The least that a browser can be asked to show. */
const BLANK = 'data:text/html,<p>x</p>';

async function visit(context: BrowserContext, url: string, points?: number): Promise<Vitals> {
  const page = await context.newPage();
  try {
    if (points !== undefined) await fillActivity(page, points);
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.locator('h1, p').first().waitFor();
    return await vitalsOf(page);
  } finally {
    await page.close();
  }
}

/** When the built site shows something, how much of it moves by itself, and what its pages weigh. */
export async function* site(): AsyncIterable<Measurement> {
  const { initialBytes, pages } = await pageSizes();
  yield measured('site/initial', 'bytes gzipped', [initialBytes]);
  for (const { page, bytes } of pages) yield measured(`site/${page}`, 'bytes gzipped', [bytes]);
  if (!chromiumPath) {
    process.stderr.write('No Chromium: what a browser shows is not measured.\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
  const browser = await launchBrowser();
  try {
    const { person } = await test.founder('standard');
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const { siteUrl } = test.instance;
    const page = await context.newPage();
    await page.goto(`${siteUrl}/console`);
    await page.getByLabel(/mail/i).fill(person.email);
    await page.getByLabel('Password').first().fill(PASSWORD);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForURL(/\/dashboard/);
    await page.close();
    await watchVitals(context);
    const blank: number[] = [];
    for (let run = 0; run < RUNS; run += 1) blank.push((await visit(context, BLANK)).firstContentfulPaintMs);
    const floor = middle(blank).median;
    for (const path of publicPages) {
      const seen: Vitals[] = [];
      for (let run = 0; run < RUNS; run += 1) seen.push(await visit(context, siteUrl + path));
      const paints = seen.map(({ firstContentfulPaintMs }) => firstContentfulPaintMs);
      yield measured(`site${path}/first-contentful-paint`, 'ms', paints, floor);
      yield measured(
        `site${path}/layout-shift`,
        'score',
        seen.map(({ layoutShift }) => layoutShift),
      );
    }
    const few: Vitals[] = [];
    const many: Vitals[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      few.push(await visit(context, `${siteUrl}/dashboard`, 60));
      many.push(await visit(context, `${siteUrl}/dashboard`, MANY_POINTS));
    }
    const paint = ({ firstContentfulPaintMs }: Vitals) => firstContentfulPaintMs;
    yield measured('site/dashboard/first-contentful-paint', 'ms', many.map(paint), middle(few.map(paint)).median);
    yield measured(
      `site/dashboard/layout-shift with ${MANY_POINTS} points`,
      'score',
      many.map(({ layoutShift }) => layoutShift),
    );
  } finally {
    await browser.close();
    await test.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
