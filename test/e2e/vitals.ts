import type { BrowserContext, Page } from 'playwright-core';

/** What a person notices of a page's arrival. */
export interface Vitals {
  /** From the start of the navigation. */
  readonly firstContentfulPaintMs: number;
  /** The sum of all layout shifts without anybody's doing, as the Layout Instability API scores them. */
  readonly layoutShift: number;
  /** What moved most, for whoever has to mend it. */
  readonly moved: readonly string[];
}

/** Lets every page of a context note its vitals. Begin before the page is opened. */
export async function watchVitals(context: BrowserContext): Promise<void> {
  await context.addInitScript({
    content: `window.vitals = { firstContentfulPaintMs: 0, layoutShift: 0, moved: [] };
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries())
          if (name === 'first-contentful-paint') vitals.firstContentfulPaintMs = startTime;
      }).observe({ type: 'paint', buffered: true });
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
          if (hadRecentInput) continue;
          vitals.layoutShift += value;
          vitals.moved.push(...sources.map(({ node }) => value.toFixed(4) + ' ' + (node?.outerHTML ?? node?.parentElement?.outerHTML ?? '').slice(0, 120)));
        }
      }).observe({ type: 'layout-shift', buffered: true });`,
  });
}

export const vitalsOf = (page: Page): Promise<Vitals> => page.evaluate<Vitals>('window.vitals');

/** Answers the dashboard's chart of events with as many minutes as wanted, in place of the API. */
export async function fillActivity(page: Page, minutes: number): Promise<void> {
  await page.route('**/v1/tenant/activity*', (route) => {
    const now = Date.now();
    const at = (index: number) => new Date(now - (minutes - index) * 60_000).toISOString();
    return route.fulfill({
      json: {
        minutes: Array.from({ length: minutes }, (_, index) => ({ minute: at(index), events: (index * 7919) % 1000 })),
        archivedEvents: minutes * 500,
        lastArrivedAt: at(minutes - 1),
      },
    });
  });
}
