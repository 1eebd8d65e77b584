import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { countersSchema } from '@tenantry/core/fleet/gate';
import { beginRollback } from '@tenantry/core/fleet/rollback';
import { finishRollback, startRollout as openRollout } from '@tenantry/core/fleet/rollout';
import { isTenantId } from '@tenantry/core/ids/id';
import { hourOf } from '@tenantry/core/usage/hours';
import { usageKeys } from '@tenantry/core/usage/keys';
import { type Person, until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** New versions of the recommender reach the silos wave after wave, unseen by shoppers, and go back by themselves when one is broken. */
let test: TestCloud;
let operator: Person;
let canary: Founder;
let plain: Founder;
let pinned: Founder;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
  // In this order, so that the ring and not the age decides who comes first.
  plain = await test.founder('premium');
  [canary, pinned] = await Promise.all([test.founder('premium'), test.founder('premium')]);
  await setRing(canary, { ring: 'canary' });
  await setRing(pinned, { pinned: true });
}, 180_000);
afterAll(() => test?.close());

const bearer = () => ({ bearer: operator.accessToken });
const setRing = ({ tenantId }: Founder, body: { ring?: 'canary'; pinned?: boolean }) =>
  operator.api('setSiloRing', { ...bearer(), params: { tenantId }, body: { reason: 'The test asks for it', ...body } });
const startRollout = (version: string) =>
  operator.api('startRollout', { ...bearer(), body: { version, reason: 'A new version' } });
const readRollout = (rolloutId: string) => operator.api('readRollout', { ...bearer(), params: { rolloutId } });
const rollBack = (rolloutId: string, reason = 'Three shops report empty lists') =>
  operator.api('rollBack', { ...bearer(), params: { rolloutId }, body: { reason } });

/** A rollout once it has ended. */
async function ended(rolloutId: string, wanted: string) {
  const rollout = await until(
    `the end of the rollout`,
    async () => {
      const rollout = await readRollout(rolloutId);
      return rollout.endedAt ? rollout : undefined;
    },
    100_000,
  );
  expect(rollout, rollout.reason ?? '').toMatchObject({ status: wanted });
  return rollout;
}

/** What the silo's pods run, however many there are. */
function running({ tenantId }: Founder): readonly string[] {
  const pods = (test.cloud.kubernetes?.pods() ?? []).filter(({ namespace }) => tenantId.endsWith(namespace));
  return [...new Set(pods.map(({ image }) => image.split(':').at(-1) ?? ''))];
}
/** Whose pods run what; compared before and after. */
const picture = () => [canary, plain, pinned].map((one) => running(one));
/** Waits until the pods are so, since an old one may take a moment to go. */
const settled = (now: () => unknown, wanted: unknown) =>
  until(
    `pods as ${JSON.stringify(wanted)}`,
    async () => (JSON.stringify(now()) === JSON.stringify(wanted) ? true : undefined),
    20_000,
  );
/** How an execution of the state machine stands. */
async function execution(name: string): Promise<string | undefined> {
  const { urls, rootCredentials, graph } = test.cloud;
  const states = new SFNClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
  const machine = resourceNamed(graph, 'aws:sfn/stateMachine:StateMachine', 'Fleet');
  const executionArn = `${String(machine.arn).replace(':stateMachine:', ':execution:')}:${name}`;
  const { status } = await states.send(new DescribeExecutionCommand({ executionArn }));
  states.destroy();
  return status;
}
/** What the registry says that silos run. */
async function versions(status = 'active'): Promise<Readonly<Record<string, string>>> {
  const { silos } = await operator.api('listSilos', { ...bearer(), query: { status } });
  return Object.fromEntries(silos.map(({ tenantId, version }) => [tenantId, version]));
}

/** Shoppers who ask without a pause until they are stopped; gives who answered them. */
async function shoppers(founders: readonly Founder[]) {
  let going = true;
  const loads = await Promise.all(
    founders.map(async ({ person }) => {
      const key = await person.createKey('publishable');
      return async (): Promise<readonly string[]> => {
        const answers: string[] = [];
        while (going) answers.push((await person.api('recommend', { bearer: key, body: { shopperId: 's' } })).servedBy);
        return answers;
      };
    }),
  );
  const answers = Promise.all(loads.map((load) => load()));
  return async (): Promise<readonly string[]> => {
    going = false;
    return (await answers).flat();
  };
}

describe('a rollout', () => {
  it('comes to the canary ring first, passes by who is pinned, and no shopper notices', async () => {
    const stop = await shoppers([canary, plain, pinned]);
    const { id } = await startRollout('local-2');
    const rollout = await ended(id, 'succeeded');
    const answers = await stop();

    expect(rollout.waves).toEqual([
      { name: 'canary', tenantIds: [canary.tenantId] },
      { name: 'premium', tenantIds: [plain.tenantId] },
    ]);
    expect(rollout.skipped).toEqual([{ tenantId: pinned.tenantId, reason: 'It is pinned to local.' }]);
    const [first, second] = rollout.tenants;
    expect(first).toMatchObject({ tenantId: canary.tenantId, wave: 0, from: 'local', outcome: 'healthy' });
    expect(second).toMatchObject({ tenantId: plain.tenantId, wave: 1, from: 'local', outcome: 'healthy' });
    expect(String(second?.startedAt) > String(first?.endedAt)).toBe(true);
    await settled(picture, [['local-2'], ['local-2'], ['local']]);
    expect(await versions()).toEqual({
      [canary.tenantId]: 'local-2',
      [plain.tenantId]: 'local-2',
      [pinned.tenantId]: 'local',
    });
    expect(answers.length).toBeGreaterThan(20);
    expect(new Set(answers)).toEqual(new Set(['silo']));

    const { entries } = await plain.person.api('listAudit', { bearer: plain.person.accessToken });
    expect(entries).toContainEqual(
      expect.objectContaining({
        actor: 'system:fleet',
        action: 'silo.version',
        details: { from: 'local', to: 'local-2', rolloutId: id },
      }),
    );
  }, 120_000);

  it('finds each silo as busy as its meters say, and with as many replicas as the cluster', async () => {
    const { tenantId } = plain;
    if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
    const load = () => operator.api('readSiloLoad', { ...bearer(), params: { tenantId } });
    const hour = hourOf(new Date(Date.now() - 3_600_000));
    const Item = { ...usageKeys.hour(tenantId, 'recommendations_served', hour), steps: 120 };
    await rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, 'Usage'), Item }));
    expect(await load()).toMatchObject({ replicas: { min: 2, max: 6 }, perMinute: 2, idleSince: null });
    const pods = () => (test.cloud.kubernetes?.pods() ?? []).filter(({ namespace }) => tenantId.endsWith(namespace));
    await until('as many replicas as there are pods', async () => {
      const { running } = await load();
      const count = pods().length;
      return count > 0 && running?.wanted === count && running.ready === count ? true : undefined;
    });
  });

  it('can be judged by what each silo has counted, which only the bearer of its access token is told', async () => {
    const row = (await allRows(test.cloud, 'Control')).find(
      ({ pk, sk }) => pk === `TENANT#${canary.tenantId}` && sk === 'META',
    );
    const pod = (test.cloud.kubernetes?.pods() ?? []).find(({ namespace }) => canary.tenantId.endsWith(namespace));
    const count = (authorization: string) => fetch(`${pod?.url}/counters`, { headers: { authorization } });
    expect((await count('Bearer another')).status).toBe(401);
    const answer = await count(`Bearer ${row?.siloAccessToken}`);
    const { version, requests, errors } = countersSchema.parse(await answer.json());
    expect([version, errors]).toEqual(['local-2', 0]);
    // Those of the gate at least.
    expect(requests).toBeGreaterThanOrEqual(5);
  });

  it('of a version that fails requests goes back by itself, with the tenant and the reason in its record', async () => {
    const before = picture();
    const { id } = await startRollout('broken-answers');
    const rollout = await ended(id, 'rolled-back');
    expect(rollout.reason).toMatch(
      `${canary.tenantId}: It does not answer as it should: The silo answered with status 500`,
    );
    expect(rollout.tenants).toMatchObject([{ tenantId: canary.tenantId, outcome: 'restored' }]);
    expect(rollout.rolledBackBy).toBe('system:fleet');
    await settled(picture, before);
    await settled(() => running(canary), [(await versions())[canary.tenantId]]);
    expect(await execution(id)).toBe('FAILED');
  }, 120_000);

  it.each([
    ['broken-start', 'CrashLoopBackOff'],
    ['not-pushed', 'ImagePullBackOff'],
  ])(
    'of a version that cannot start, %s, goes back while the old one serves',
    async (version, reason) => {
      const stop = await shoppers([canary]);
      const { id } = await startRollout(version);
      const rollout = await ended(id, 'rolled-back');
      expect(rollout.reason).toContain(`${canary.tenantId}: The recommender does not start: `);
      expect(rollout.reason).toContain(`[${reason}]`);
      await settled(() => running(canary), ['local-2']);
      expect(new Set(await stop())).toEqual(new Set(['silo']));
    },
    120_000,
  );

  it('is the only one, however many are started at once', async () => {
    const control = { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') };
    const options = { version: 'local-3', initial: 'local', actor: { kind: 'anonymous' }, at: new Date() } as const;
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => openRollout(control, options)));
    const [first, ...others] = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value.rolloutId] : []));
    if (!first) throw new Error('None was started.');
    expect(others).toEqual([]);
    for (const one of starts) if (one.status === 'rejected') expect(String(one.reason)).toContain(first);
    await beginRollback(control, first, { by: 'a test', reason: 'It was never started.' });
    await finishRollback(control, first, { whole: true, at: new Date() });
  });

  it('is the only one: a second is refused and told of the first', async () => {
    const starts = await Promise.allSettled([startRollout('local-3'), startRollout('local-3'), startRollout('local')]);
    const [first, ...others] = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(others).toEqual([]);
    const id = String(first?.id);
    for (const one of starts) if (one.status === 'rejected') expect(String(one.reason)).toContain(id);
    expect(await codeOf(startRollout('local'))).toBe('conflict');
    await ended(id, 'succeeded');
  }, 120_000);

  it('that succeeded goes back when an operator says so, in reverse order', async () => {
    const { rollouts } = await operator.api('listRollouts', bearer());
    const id = String(rollouts[0]?.id);
    const { version, from } = await readRollout(id);
    await settled(() => running(canary), [version]);
    await rollBack(id);
    const rollout = await ended(id, 'rolled-back');
    expect(rollout.reason).toBe('Three shops report empty lists');
    const [first, second] = rollout.tenants;
    expect([first?.tenantId, second?.tenantId]).toEqual([canary.tenantId, plain.tenantId]);
    expect(String(first?.endedAt) > String(second?.endedAt)).toBe(true);
    await settled(() => [running(canary), running(plain)], [[from], [from]]);
    expect(await codeOf(rollBack(id))).toBe('illegal_transition');
    expect((await operator.api('listSilos', bearer())).version).toBe(from);
  }, 120_000);

  it('that an operator stops half-way is rolled back, and has nothing more to say', async () => {
    const before = picture();
    const { id } = await startRollout('local-3');
    await until('the first silo', async () => ((await readRollout(id)).tenants.length > 0 ? true : undefined));
    await rollBack(id);
    await rollBack(id).catch((error: unknown) => expect(String(error)).toContain('rolled back already'));
    const rollout = await ended(id, 'rolled-back');
    expect(rollout).toMatchObject({
      reason: 'Three shops report empty lists',
      rolledBackBy: expect.stringMatching('^operator:'),
    });
    expect(rollout.tenants).toMatchObject([{ tenantId: canary.tenantId, outcome: 'restored' }]);
    await settled(picture, before);

    await until('the end of the way forward', async () => ((await execution(id)) === 'RUNNING' ? undefined : true));
    expect(await execution(id)).toBe('SUCCEEDED');
    expect(await readRollout(id)).toEqual(rollout);
    await settled(picture, before);
  }, 120_000);

  it('changes a suspended silo without starting it, and a new silo gets the version of the fleet', async () => {
    const { tenantId } = plain;
    await operator.api('suspendTenant', { ...bearer(), params: { tenantId }, body: { reason: 'unpaid' } });
    await until('the silo to stand still', async () => (running(plain).length === 0 ? true : undefined));
    const { id } = await startRollout('local-3');
    await ended(id, 'succeeded');
    await settled(() => running(plain), []);
    expect((await versions('suspended'))[tenantId]).toBe('local-3');

    const fresh = await test.founder('premium');
    await settled(() => running(fresh), ['local-3']);
    await operator.api('reactivateTenant', {
      ...bearer(),
      params: { tenantId },
      query: { reason: 'All is well again' },
    });
    await until('the silo again', async () => ((await versions())[tenantId] ? true : undefined));
    await settled(() => running(plain), ['local-3']);
  }, 180_000);
});
