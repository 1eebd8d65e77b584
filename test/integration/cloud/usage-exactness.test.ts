import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { newId } from '@tenantry/core/ids/id';
import { until } from '@tenantry/local/demo/journey';
import type { Fault } from '@tenantry/local/lambda/faults';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { billedOf, dueIn, ensureMeters, meteredOf, runJob } from '../../support/usage.ts';

/** `npm run test:long` sends as many as a busy shop does in an hour. */
const EVENTS = process.env.TENANTRY_LONG ? 100_000 : 10_000;
const A_REQUEST = 100;
const REQUESTS_AT_ONCE = 6;
/** Each batch of a stream has so many rows once it is read again, so that no batch comes as it came before. */
const OTHER_BATCH = 137;

let test: TestCloud;
let shops: readonly Shop[] = [];

interface Shop {
  readonly founder: Founder;
  readonly bearer: string;
  /** Events that are to be counted. */
  readonly events: readonly { readonly id: string }[];
}

beforeAll(async () => {
  test = await startTestCloud({ lambdaLimits: { total: 24 } });
  await ensureMeters(test.cloud);
  const shares = [
    ['standard', 0.5],
    ['standard', 0.2],
    ['premium', 0.3],
  ] as const;
  const made: Shop[] = [];
  for (const [tier, share] of shares) {
    const founder = await test.founder(tier);
    const events = Array.from({ length: EVENTS * share }, (_, i) => ({
      id: newId('event'),
      shopperId: `shopper-${i % 50}`,
      itemId: `item-${i % 300}`,
      type: 'view',
    }));
    made.push({ founder, bearer: await founder.person.createKey('secret'), events });
  }
  shops = made;
}, 300_000);
afterAll(() => test?.close());

const killed = (name: string, deaths: readonly number[], every = 2): readonly Fault[] =>
  deaths.map((afterCalls, index) => ({
    kind: 'killed',
    function: administrator(test.cloud).functionOf(name)?.name ?? '',
    afterCalls,
    after: index * every,
  }));

/** A request that is answered, and then comes again as if the answer had been lost; and events of earlier requests once more. */
async function send({ founder: { person }, bearer, events }: Shop): Promise<void> {
  const requests = Array.from({ length: Math.ceil(events.length / A_REQUEST) }, (_, i) =>
    events.slice(i * A_REQUEST, (i + 1) * A_REQUEST),
  );
  /** Sends until it is answered, as a shop does. */
  const collect = async (batch: Shop['events']) => {
    const { accepted } = await until('the collector', () =>
      person.api('collectEvents', { bearer, body: { events: [...batch] } }).catch(() => undefined),
    );
    expect(accepted).toBe(batch.length);
  };
  const queue = [...requests.entries()];
  const sender = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, batch] = next;
      await collect(batch);
      if (index % 4 === 0) await collect(batch);
      if (index % 5 === 0) await collect([...batch.slice(30), ...(requests[Math.floor(index / 2)] ?? []).slice(0, 30)]);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sender));
}

/** Has every row of the pool's stream read once more, in batches of another size. */
async function replayStream(): Promise<void> {
  const { lambda, functionOf } = administrator(test.cloud);
  const FunctionName = functionOf('consumers/event-archive')?.name;
  const { EventSourceMappings: mappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  for (const { UUID, EventSourceArn } of mappings) {
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn,
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: OTHER_BATCH,
        MaximumBatchingWindowInSeconds: 1,
      }),
    );
  }
}

/** Runs a job until nothing of its work is left, whatever becomes of single runs. */
async function runUntilDone(name: 'count-usage' | 'report-usage', start: 'DUE' | 'REPORT'): Promise<void> {
  await until(
    `the end of ${name}`,
    async () => {
      await runJob(test.cloud, name, { early: true }).catch(() => undefined);
      return (await dueIn(test.cloud, start)) === 0 ? true : undefined;
    },
    180_000,
  );
}

const metered = () =>
  Promise.all(shops.map(({ founder }) => meteredOf(test.cloud, founder.tenantId, 'events_collected')));
const billed = () =>
  Promise.all(shops.map(({ founder }) => billedOf(test.cloud, founder.tenantId, 'events_collected')));

it('meters and bills exactly the different events that were accepted, whoever dies and whatever is repeated', {
  timeout: 600_000,
}, async () => {
  const archive = administrator(test.cloud).functionOf('consumers/event-archive')?.name ?? '';
  const lost: Fault = {
    kind: 'throws-after',
    function: archive,
    error: { errorType: 'Error', errorMessage: 'The answer is lost' },
    after: 5,
    times: 2,
  };
  const struck = [
    ...killed('consumers/event-archive', [1, 2, 3, 4, 5, 7]),
    lost,
    ...killed('jobs/count-usage', [2, 4, 6, 8, 9, 10, 12], 1),
    ...killed('jobs/report-usage', [2, 3, 4, 5, 6, 8], 1),
  ].map((fault) => test.cloud.lambda.injectFault(fault));
  const expected = shops.map(({ events }) => events.length);

  await Promise.all(shops.map(send));
  await until(
    'the meters',
    async () => {
      await runJob(test.cloud, 'count-usage', { early: true }).catch(() => undefined);
      const counts = await metered();
      return counts.every((count, index) => count >= (expected[index] ?? 0)) ? true : undefined;
    },
    300_000,
  );
  await runUntilDone('report-usage', 'REPORT');

  await replayStream();
  await until('the replay', async () => ((await dueIn(test.cloud, 'DUE')) > 0 ? true : undefined));
  await runUntilDone('count-usage', 'DUE');
  await runUntilDone('report-usage', 'REPORT');

  expect(await metered()).toEqual(expected);
  expect(await billed()).toEqual(expected);
  expect(struck.filter(({ hits }) => hits > 0).length).toBeGreaterThan(struck.length / 2);
});
