import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { TierName } from '@tenantry/core/tier/catalogue';
import { clusterVariables } from '../cloud/cluster-choice.ts';
import { type LocalCloud, startLocalCloud } from '../cloud/local-cloud.ts';
import { findPorts } from '../cloud/ports.ts';
import { type ForeignRead, tryForeignRead } from './foreign-read.ts';
import { instanceOf } from './instance.ts';
import { type Instance, Person } from './journey.ts';
import { generateSessions, readSessions, type ShopSession } from './shop-events.ts';
import { runTrial, type TrialResult } from './shop-trial.ts';

/** `npm run demo`: the main job from sign-up to recommendations, on an instance of its own that is thrown away afterwards. */
const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
const HELD_OUT = 200;

interface TenantReport extends TrialResult {
  readonly tier: TierName;
  readonly tenantId: TenantId;
  /** From the payment to the first recommendation. */
  readonly onboardingSeconds: number;
  readonly timeline: readonly { readonly step: string; readonly seconds: number }[];
}

interface Report {
  readonly startSeconds: number;
  readonly tenants: readonly TenantReport[];
  readonly foreignRead: ForeignRead;
  readonly failures: readonly string[];
}

async function onboard(instance: Instance, tier: TierName, sessions: Sessions, say: Say): Promise<TenantReport> {
  const person = new Person(instance, `founder-${tier}@example.com`);
  say(`${tier}: signing up by the hosted pages`);
  await person.signUp();
  const company = await person.register({ name: `The ${tier} shop`, slug: `the-${tier}-shop`, tier });
  if (!isTenantId(company.tenantId)) throw new Error(`The API gave "${company.tenantId}" as a company's id.`);
  say(`${tier}: paying`);
  await person.pay(company.checkoutUrl);
  const paid = performance.now();
  const steps = await person.onboarded();
  const apiKey = await person.createKey('secret');
  await person.api('recommend', { bearer: apiKey, body: { shopperId: 'first', limit: 1 } });
  const onboardingSeconds = (performance.now() - paid) / 1000;
  say(`${tier}: active after ${onboardingSeconds.toFixed(1)} s`);
  const timeline = steps.map(({ step, startedAt, endedAt }) => ({
    step,
    seconds: startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0,
  }));
  for (const { step, seconds } of timeline) say(`  ${step.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s`);
  const trial = await runTrial(person, apiKey, sessions, (step) => say(`${tier}: ${step}`));
  return { tier, tenantId: company.tenantId, onboardingSeconds, timeline, ...trial };
}

interface Sessions {
  readonly past: readonly ShopSession[];
  readonly heldOut: readonly ShopSession[];
}
type Say = (line: string) => void;

async function loadSessions(file: string | undefined, count: number): Promise<Sessions> {
  const all = file ? await readSessions(file, count + HELD_OUT) : generateSessions(count + HELD_OUT);
  const usable = all.filter(({ items }) => items.length >= 2);
  const cut = Math.max(0, usable.length - HELD_OUT);
  if (cut === 0) throw new Error(`${file ?? 'The data'} holds too few sessions: more than ${HELD_OUT} are needed.`);
  return { past: usable.slice(0, cut), heldOut: usable.slice(cut) };
}

function failuresOf(tenants: readonly TenantReport[], foreignRead: ForeignRead): readonly string[] {
  const expected = { standard: 'pool', premium: 'silo', enterprise: 'silo' } as const;
  return [
    ...tenants.flatMap(({ tier, events, lists, freshEventSeen }) => [
      ...(events.accepted === events.sent
        ? []
        : [`${tier}: ${events.sent - events.accepted} events were not accepted`]),
      ...(lists.full >= 0.9 * lists.asked ? [] : [`${tier}: only ${lists.full} of ${lists.asked} lists were full`]),
      ...(lists.servedBy.join() === expected[tier] ? [] : [`${tier}: served by ${lists.servedBy.join(' and ')}`]),
      ...(freshEventSeen ? [] : [`${tier}: an event did not change the next list`]),
    ]),
    ...(foreignRead.denied ? [] : ["a silo's credentials could read another tenant's rows"]),
  ];
}

async function demo(cloud: LocalCloud, startSeconds: number, sessions: Sessions, say: Say): Promise<Report> {
  const instance = instanceOf(cloud);
  const tenants: TenantReport[] = [];
  for (const tier of ['standard', 'premium'] as const) tenants.push(await onboard(instance, tier, sessions, say));
  const [standard, premium] = tenants;
  if (!standard || !premium) throw new Error('Both tiers must be there.');
  const foreignRead = await tryForeignRead(cloud, premium.tenantId, standard.tenantId);
  say(`isolation: ${foreignRead.attempt}: ${foreignRead.denied ? 'denied' : 'ALLOWED'}`);
  return { startSeconds, tenants, foreignRead, failures: failuresOf(tenants, foreignRead) };
}

function print(report: Report, say: Say): void {
  say('');
  for (const { tier, onboardingSeconds, events, model, trainingSeconds, lists } of report.tenants) {
    say(
      `${tier.padEnd(9)} onboarding ${onboardingSeconds.toFixed(1)} s · ${events.accepted} events at ${events.perSecond}/s · ` +
        `model of ${model.items} items in ${trainingSeconds.toFixed(1)} s · ${lists.full}/${lists.asked} full lists, ` +
        `${lists.hits} with the next item · p50 ${lists.p50Ms} ms, p99 ${lists.p99Ms} ms`,
    );
  }
  say(report.failures.length === 0 ? '\nAll of it happened.' : `\nFailed:\n- ${report.failures.join('\n- ')}`);
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string' },
      sessions: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
    },
  });
  const say: Say = values.json
    ? (line) => process.stderr.write(`${line}\n`)
    : (line) => process.stdout.write(`${line}\n`);
  const sessions = await loadSessions(values.events, Number(values.sessions));
  const dir = mkdtempSync(join(tmpdir(), 'tenantry-demo-'));
  const started = performance.now();
  const usesDir = process.env.TENANTRY_USES_DIR;
  const cloud = await startLocalCloud({
    root,
    dir,
    ports: await findPorts(),
    environment: clusterVariables(process.env),
    usesDir,
  });
  try {
    const report = await demo(cloud, (performance.now() - started) / 1000, sessions, say);
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else print(report, say);
    process.exitCode = report.failures.length === 0 ? 0 : 1;
  } finally {
    await cloud.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

run().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
