import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@tenantry/core/ids/id';
import { accessTokenVariable, probePaths } from '@tenantry/core/silo/names';
import { until } from '@tenantry/local/demo/journey';
import { encodeModel } from '@tenantry/recommender/model/model-file';
import { mergeSessions } from '@tenantry/recommender/training/merge';
import { trainOnSessions } from '@tenantry/recommender/training/train';
import { generated, generatedIds } from '../generated.ts';
import { type Measurement, measured } from '../measurement.ts';
import type { Load, LoadResult } from './open-loop.ts';
import type { StoresReady, StoresWanted } from './stores-process.ts';

const TRAINED_SESSIONS = 60_000;
/** With those, more than ten million events. */
const MORE_SESSIONS = 2_000_000;
const SHOPPERS = 3_000;
const EVENTS_OF_EACH = 12;
const RATE = 1000;
/** Code that is asked so often is compiled for good by then. */
const WARM_UP = { rate: 1000, seconds: 15 } as const;
const SECONDS = 20;
const FLOOR_SECONDS = 6;
const CONNECTIONS = 100;
/** What the answers are to keep. */
const bar = { p90: 7, p99: 25 } as const;
const FASTER = { factor: 1.25, seconds: 6, ratesMax: 6 } as const;

const node = ['--disable-warning=ExperimentalWarning'];

/**
 * A silo's recommender as its pod runs it, in a process of its own, with a model of more than ten million events and histories in DynamoDB. Another
 * process asks for lists at a fixed rate.
 */
export async function* serving(): AsyncGenerator<Measurement> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-serving-'));
  const children: ChildProcess[] = [];
  const start = (file: string, env: Readonly<Record<string, string>> = {}): ChildProcess => {
    const child = fork(file, {
      execArgv: [...node, ...(process.env.BENCH_NODE ?? '').split(' ').filter(Boolean)],
      env: { ...process.env, ...env },
    });
    children.push(child);
    return child;
  };
  const here = (name: string): string => new URL(name, import.meta.url).pathname;
  try {
    const modelFile = join(dir, 'model.bin');
    const { events, bytes } = writeModel(modelFile);
    yield measured('serving.model-events', 'events', [events]);
    yield measured('serving.model-bytes', 'B', [bytes]);

    const tenantId = newId('tenant');
    const stores = start(here('stores-process.ts'));
    const wanted: StoresWanted = {
      tenantId,
      modelFile,
      version: 'mdl_bench',
      shoppers: SHOPPERS,
      eventsOfEach: EVENTS_OF_EACH,
    };
    stores.send(wanted);
    const [{ dynamoUrl, s3Url }] = (await once(stores, 'message')) as [StoresReady];

    const port = await freePort();
    const token = 't'.repeat(40);
    const server = start(new URL('../../../packages/recommender/src/serving/silo.ts', import.meta.url).pathname, {
      TENANT_ID: tenantId,
      EVENTS_TABLE: 'Events',
      RECOMMENDATIONS_TABLE: 'Recommendations',
      SHOPPERS_TABLE: 'Shoppers',
      MODELS_BUCKET: 'models',
      MODEL_MEMORY_BYTES: String(2 * bytes + 1e9),
      [accessTokenVariable]: token,
      PORT: String(port),
      HOST: '127.0.0.1',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
      AWS_ENDPOINT_URL_S3: s3Url,
    });
    server.once('exit', (code) => {
      if (code) process.stderr.write(`The recommender ended with ${code}.\n`);
    });
    await until(
      'the recommender',
      async () => {
        const response = await fetch(`http://127.0.0.1:${port}${probePaths.ready}`).catch(() => undefined);
        return response?.ok ? true : undefined;
      },
      120_000,
    );

    const loader = start(here('load-process.ts'));
    const offered = async (load: Pick<Load, 'requests' | 'rate' | 'seconds'>): Promise<LoadResult> => {
      loader.send({ port, connections: CONNECTIONS, ...load } satisfies Load);
      const [result] = (await once(loader, 'message')) as [LoadResult];
      return result;
    };
    const lists = Array.from({ length: SHOPPERS }, (_, shopper) =>
      listRequest(token, { shopperId: `shopper-${shopper}`, limit: 20 }),
    );
    const constant = [`GET ${probePaths.live} HTTP/1.1\r\nhost: silo\r\n\r\n`];

    await offered({ requests: lists, ...WARM_UP });
    const [load] = loadavg();
    const { latenciesMs, errors } = await offered({ requests: lists, rate: RATE, seconds: SECONDS });
    const floor = await offered({ requests: constant, rate: RATE, seconds: FLOOR_SECONDS });
    yield measured('serving.load-average', 'processes', [load ?? 0]);
    for (const share of [50, 90, 99]) {
      const floorMs = quantile(floor.latenciesMs, share);
      yield {
        ...measured(`serving.ms/p${share}`, 'ms', [quantile(latenciesMs, share)], floorMs),
        n: latenciesMs.length,
      };
    }
    yield { ...measured('serving.errors', 'requests', [errors]), n: latenciesMs.length };

    let capacity = keeps({ latenciesMs, errors }) ? RATE : 0;
    for (let step = 0, rate = RATE; step < FASTER.ratesMax && capacity > 0; step++) {
      rate = Math.round(rate * FASTER.factor);
      if (!keeps(await offered({ requests: lists, rate, seconds: FASTER.seconds }))) break;
      capacity = rate;
    }
    yield measured('serving.capacity', '1/s', [capacity]);
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A network from some of the sessions, an index of them all. @returns the events of the model, and its bytes */
function writeModel(file: string): { readonly events: number; readonly bytes: number } {
  const ids = generatedIds();
  const trained = trainOnSessions({ corpus: generated(TRAINED_SESSIONS), itemIds: ids }, { version: 'mdl_bench' });
  const newer = { corpus: generated(MORE_SESSIONS, 2), itemIds: ids };
  const model = mergeSessions(trained, newer, { version: 'mdl_bench' });
  const blob = encodeModel(model);
  writeFileSync(file, blob);
  return { events: model.index.corpus.items.length, bytes: blob.byteLength };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? 0;

const keeps = ({ latenciesMs, errors }: LoadResult): boolean =>
  errors === 0 && quantile(latenciesMs, 90) <= bar.p90 && quantile(latenciesMs, 99) <= bar.p99;

function listRequest(token: string, body: object): string {
  const text = JSON.stringify(body);
  return [
    'POST /recommendations HTTP/1.1',
    'host: silo',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}
