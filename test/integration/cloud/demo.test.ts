import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../support/test-cloud.ts';

/** Real interaction data, where a developer has some; see the folder's own notes on its source. Never part of the repository. */
const data = resolve(root, process.env.TENANTRY_DATA ?? '../shared/data');
const realEvents = join(data, 'diginetica.train.tsv.gz');
if (!existsSync(realEvents))
  console.warn('No interaction data (TENANTRY_DATA): the demo is tested on generated data alone.');

interface Report {
  readonly tenants: readonly {
    readonly tier: string;
    readonly events: { readonly sent: number; readonly accepted: number };
    readonly lists: { readonly asked: number; readonly full: number; readonly servedBy: readonly string[] };
    readonly freshEventSeen: boolean;
  }[];
  readonly foreignRead: { readonly denied: boolean };
  readonly failures: readonly string[];
}

const demo = (...args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, ['packages/local/src/demo/main.ts', ...args], {
      cwd: root,
      env: process.env,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('exit', (code) => done({ code, output, errors }));
  });

function assertAllHappened(report: Report): void {
  expect(report.failures).toEqual([]);
  expect(report.tenants.map(({ tier, lists }) => `${tier} by ${lists.servedBy.join()}`)).toEqual([
    'standard by pool',
    'premium by silo',
  ]);
  for (const { events, lists, freshEventSeen } of report.tenants) {
    expect(events.accepted).toBe(events.sent);
    expect(lists.asked).toBe(200);
    expect(lists.full).toBeGreaterThanOrEqual(180);
    expect(freshEventSeen).toBe(true);
  }
  expect(report.foreignRead.denied).toBe(true);
}

it('does the main job for both tiers on generated data, and says so in one JSON object', async () => {
  const { code, output, errors } = await demo('--sessions', '300', '--json');
  expect({ code, errors }).toMatchObject({ code: 0 });
  assertAllHappened(JSON.parse(output) as Report);
}, 120_000);

it.skipIf(!existsSync(realEvents))(
  'does the main job on 5,000 sessions of real interaction data',
  async () => {
    const { code, output, errors } = await demo('--events', realEvents, '--json');
    expect({ code, errors }).toMatchObject({ code: 0 });
    assertAllHappened(JSON.parse(output) as Report);
  },
  240_000,
);

it('says in one sentence what is wrong with a file that it cannot use, and exits with 1', async () => {
  const missing = await demo('--events', '/dev/null/visits.csv');
  expect(missing.code).toBe(1);
  expect(missing.errors.trim().split('\n')).toHaveLength(1);
  const empty = await demo('--events', '/dev/null');
  expect(empty.code).toBe(1);
  expect(empty.errors).toContain('holds too few sessions');
}, 30_000);
