import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltSite } from '@tenantry/local/cloud/site';
import { openDemoShop } from '@tenantry/local/demo/demo-shop';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { tooWide, violationsOf } from './accessibility.ts';
import { chromiumPath, launchBrowser, watchPage, watchPolicy } from './browser.ts';
import { signInByPassword } from './hosted-pages.ts';

const screenshots = join(root, 'test-results', 'screenshots', 'pages');
const routesFolder = join(root, 'packages/web/src/routes');

/** The paths of an area of the site, as its routes name them. */
const pathsOf = (file: string): readonly string[] =>
  [...readFileSync(join(routesFolder, file), 'utf8').matchAll(/\bpath: '([^']+)'/g)].flatMap(([, path]) => path ?? []);

/** Leads away by itself at once, to the hosted pages or to where somebody goes on. */
const passing: ReadonlySet<string> = new Set(['/auth/callback', '/console', '/invitation', '/start']);

const looks = [
  { theme: 'light', width: 1280, language: 'en' },
  { theme: 'dark', width: 1280, language: 'ko' },
  { theme: 'dark', width: 390, language: 'en' },
  { theme: 'light', width: 360, language: 'ko' },
] as const;

/** Every page of the built site, as a company with a past and as the provider's staff see them. */
describe.skipIf(!chromiumPath)('every page', () => {
  let test: TestCloud;
  let browser: Browser;
  const pages = new Map<'company' | 'staff', Page>();
  const complaints: (readonly string[])[] = [];
  const refused: (readonly string[])[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  let tenantId = '';

  const signIn = async (email: string): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    complaints.push(watchPage(page));
    refused.push(await watchPolicy(page));
    await page.goto(`${test.instance.siteUrl}/console`);
    await signInByPassword(page, email);
    await page.waitForURL(/\/(dashboard|operator|register)/);
    return page;
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await startTestCloud({ site: (build) => startBuiltSite(root, build, folder) });
    const key = await openDemoShop(test.instance, join(folder, 'shop.json'), () => {});
    expect(key).toMatch(/^pk_/);
    const staff = await test.operator();
    const { tenants } = await staff.api('listTenants', { bearer: staff.accessToken, query: { status: 'active' } });
    tenantId = tenants[0]?.id ?? '';
    browser = await launchBrowser();
    pages.set('company', await signIn('shop@example.com'));
    pages.set('staff', await signIn(staff.email));
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visited = readdirSync(routesFolder)
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      pathsOf(file).map((path) => ({ path, who: file === 'operator.tsx' ? 'staff' : 'company' }) as const),
    )
    .filter(({ path }) => !passing.has(path));

  it.each(visited)(
    '$path is accessible, in both themes and languages, on a desk and on a phone',
    async ({ path, who }) => {
      const page = pages.get(who);
      if (!page) throw new Error(`Nobody is signed in as ${who}.`);
      const wrong: string[] = [];
      for (const { theme, width, language } of looks) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(
          `localStorage.setItem('tenantry.theme', '${theme}'); localStorage.setItem('tenantry.language', '${language}')`,
        );
        await page.goto(test.instance.siteUrl + path.replace('$tenantId', tenantId));
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        const found = [
          ...(await violationsOf(page)),
          ...(await tooWide(page)).map((element) => `wider than the window: ${element}`),
          ...((await page.getByRole('heading', { level: 1 }).count()) === 1 ? [] : ['not one first heading']),
        ];
        wrong.push(...found.map((what) => `${theme} ${width} ${language}: ${what}`));
        await page.screenshot({
          path: join(
            screenshots,
            `${path.replaceAll(/[/$]/g, '-').slice(1) || 'landing'}-${theme}-${width}-${language}.png`,
          ),
          fullPage: true,
        });
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  it('broke no policy and complained about nothing on the way', () => {
    expect(refused.flat()).toEqual([]);
    expect(complaints.flat()).toEqual([]);
  });
});
