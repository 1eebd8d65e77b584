import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2, levels A and AA, and what axe's authors hold to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong on the page as it is shown, each with the elements concerned. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  // By the debugger's protocol, which the page's own content security policy does not concern.
  await page.evaluate(`window.axe ?? (() => { ${axe} })()`);
  return page.evaluate<string[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations.map(({ id, help, nodes }) =>
       id + ': ' + help + ' ' + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + ' (' + (any[0]?.message ?? '') + ')').join(' | ')))`,
  );
}

/** Elements that reach beyond the window's width, so that the whole page would scroll sideways. */
export const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .slice(-3)
      .map((element) => element.outerHTML.slice(0, 160));
  })()`);
