import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../object.ts';
import type { Change, Store } from '../store/store.ts';
import { StatusError } from './status.ts';

export interface WatchRequest {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly matches: (object: KubernetesObject) => boolean;
  /** The version after which changes are told; `undefined` starts with everything there is. */
  readonly after: number | undefined;
  readonly timeoutMs: number;
}

/** A reader that is slower than this is cut off; it lists again and goes on. */
const backlogBytesMax = 4 * 1024 * 1024;

/**
 * Streams changes as lines of JSON until the time is over or the reader goes. An object that no longer matches is told
 * as deleted.
 * @throws {StatusError} `Expired` when the version is too old to go on from
 */
export function streamChanges(store: Store, request: WatchRequest, response: ServerResponse): void {
  const concerns = ({ object }: Change): boolean =>
    object.kind === request.kind &&
    (request.namespace === undefined || object.metadata.namespace === request.namespace);
  const missed = request.after === undefined ? [] : store.since(request.after);
  if (missed === undefined) {
    throw new StatusError('Expired', `too old resource version: ${request.after} (${store.version})`);
  }

  const told = new Set<string>();
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();

  const send = (type: Change['type'], object: KubernetesObject): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > backlogBytesMax) response.destroy();
  };
  const tell = (change: Change): void => {
    if (!concerns(change)) return;
    const { uid } = change.object.metadata;
    const matches = request.matches(change.object);
    if (change.type === 'DELETED' || !matches) {
      if (matches || told.has(uid)) send('DELETED', change.object);
      told.delete(uid);
      return;
    }
    told.add(uid);
    send(change.type, change.object);
  };

  if (request.after === undefined) {
    for (const object of store.list(request.kind, request.namespace).items) {
      tell({ type: 'ADDED', object, version: store.version });
    }
  } else {
    for (const object of store.list(request.kind, request.namespace).items) {
      if (request.matches(object)) told.add(object.metadata.uid);
    }
    for (const change of missed) tell(change);
  }
  const end = store.subscribe(tell);
  const timer = setTimeout(() => response.end(), request.timeoutMs);
  response.on('close', () => {
    clearTimeout(timer);
    end();
  });
}
