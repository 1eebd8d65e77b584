import { setTimeout as wait } from 'node:timers/promises';
import { fieldManager } from '@tenantry/core/silo/names';
import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';
import type { Change } from '../store/store.ts';
import type { Connection } from './connection.ts';

/** The kinds that running silos takes, and where the API serves them. Only objects of silos are asked for. */
export const mirrored = {
  Pod: { apiVersion: 'v1', path: '/api/v1/pods' },
  Secret: { apiVersion: 'v1', path: '/api/v1/secrets' },
  Service: { apiVersion: 'v1', path: '/api/v1/services' },
  Ingress: { apiVersion: 'networking.k8s.io/v1', path: '/apis/networking.k8s.io/v1/ingresses' },
  NodePool: { apiVersion: 'karpenter.sh/v1', path: '/apis/karpenter.sh/v1/nodepools' },
} as const;
export type MirroredKind = keyof typeof mirrored;

const selector = `labelSelector=${encodeURIComponent(`app.kubernetes.io/managed-by=${fieldManager}`)}`;
const watchSeconds = 300;
const retryMs = 1000;

const objectSchema = z.looseObject({ metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }) });
const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  items: z.array(objectSchema),
});
const eventSchema = z.looseObject({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

/** A watch's answer, line by line. */
async function* linesOf(response: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter(Boolean);
  }
}

/**
 * Tells of every object of a kind and then of each change, for as long as it is not stopped: it lists, watches, and lists again when the watch
 * cannot go on.
 * @param hear `known` are the keys of the objects that are there, after a list
 */
export function follow(
  connection: Connection,
  kind: MirroredKind,
  hear: {
    readonly listed: (objects: readonly KubernetesObject[]) => void;
    readonly changed: (type: Change['type'], object: KubernetesObject) => void;
  },
): { readonly synced: Promise<void>; stop(): void } {
  const { apiVersion, path } = mirrored[kind];
  const stopped = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Items of a list do not say what they are.
  const whole = (object: z.infer<typeof objectSchema>): KubernetesObject =>
    ({ ...object, apiVersion, kind }) as unknown as KubernetesObject;

  async function watchFrom(version: string): Promise<string> {
    const query = `${selector}&watch=true&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=${watchSeconds}`;
    const response = await connection.open({ method: 'GET', path: `${path}?${query}`, signal: stopped.signal });
    if (response.statusCode !== 200) {
      response.destroy();
      return '';
    }
    let last = version;
    for await (const line of linesOf(response)) {
      const { type, object } = eventSchema.parse(JSON.parse(line));
      // The version is too old to go on from: everything is asked for again.
      if (type === 'ERROR') return '';
      const parsed = objectSchema.parse(object);
      last = parsed.metadata.resourceVersion;
      if (type !== 'BOOKMARK') hear.changed(type, whole(parsed));
    }
    return last;
  }

  async function loop(): Promise<void> {
    let version = '';
    while (!stopped.signal.aborted) {
      try {
        if (version === '') {
          const list = listSchema.parse(await connection.ask('GET', `${path}?${selector}`));
          version = list.metadata.resourceVersion;
          hear.listed(list.items.map(whole));
          synced.resolve();
        }
        version = await watchFrom(version);
      } catch (error) {
        if (stopped.signal.aborted) return;
        synced.reject(error);
        version = '';
        await wait(retryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
    }
  }

  void loop();
  return { synced: synced.promise, stop: () => stopped.abort() };
}
