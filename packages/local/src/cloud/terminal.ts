import type { LocalCloudUrls } from './local-cloud.ts';

export const printLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** The one table of addresses that `npm run dev` prints. @param dir where the state is kept @param shopUrl of the demo shop, once it is filled */
export function banner(urls: LocalCloudUrls, seconds: number, dir: string, shopUrl?: string): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Demo shop', shopUrl ?? 'is being filled; its address follows'],
    ['Console', urls.site],
    ['What is running', urls.index],
    ['API documentation', `${urls.site}/docs`],
    ['Hosted login', `${urls.login}/login`],
    ['Inbox (codes)', urls.inbox],
    ['Identity provider', urls.identity],
    ['Stripe', urls.stripe ?? 'test mode of Stripe itself'],
    ['AWS endpoint', urls.aws],
    ...(urls.kubernetes ? [['Kubernetes', urls.kubernetes] as const] : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    `Tenantry is running (${seconds.toFixed(1)} s).`,
    '',
    ...rows.map(([name, url]) => `  ${name.padEnd(width)}  ${url}`),
    '',
    `Logs follow; Ctrl+C stops it, the state stays in ${dir} (--fresh forgets it).`,
    '',
  ].join('\n');
}
