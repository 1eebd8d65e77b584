import { type KubernetesObject, sameJson } from '../object.ts';
import type { Change, Store } from '../store/store.ts';
import { type Connection, RemoteError } from './connection.ts';
import { follow, type MirroredKind, mirrored } from './mirror.ts';
import { createStatusWriter } from './status-writer.ts';

/** What of a store a node needs. */
export type NodeStore = Pick<Store, 'get' | 'list' | 'put' | 'remove' | 'subscribe'>;

const keyOf = (object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** Where the API serves one object. */
function pathOf({ kind, metadata }: KubernetesObject): string {
  const { path } = mirrored[kind as MirroredKind];
  const plural = path.split('/').at(-1);
  const prefix = path.slice(0, -(plural?.length ?? 0));
  const place = metadata.namespace === undefined ? '' : `namespaces/${metadata.namespace}/`;
  return `${prefix}${place}${plural}/${metadata.name}`;
}

/**
 * The silos' objects of another cluster, as its API tells of them. Of what is put, the status is written there; what is removed is deleted there
 * at once, as a kubelet does with a pod that has ended.
 */
export function createRemoteStore(connection: Connection): NodeStore & {
  /** Settles when everything that is there is known. */
  readonly synced: Promise<void>;
  close(): Promise<void>;
} {
  const kinds = new Map<string, Map<string, KubernetesObject>>(Object.keys(mirrored).map((kind) => [kind, new Map()]));
  const listeners = new Set<(change: Change) => void>();
  const writer = createStatusWriter((object) =>
    connection.ask(
      'PATCH',
      `${pathOf(object)}/status`,
      { metadata: { uid: object.metadata.uid }, status: object.status },
      'application/merge-patch+json',
    ),
  );
  const objectsOf = (kind: string): Map<string, KubernetesObject> => {
    const objects = kinds.get(kind);
    // The kinds that nobody mirrors have no objects here.
    return objects ?? new Map();
  };
  const announce = (type: Change['type'], object: KubernetesObject): void => {
    for (const listener of [...listeners]) listener({ type, object, version: 0 });
  };

  function changed(type: Change['type'], object: KubernetesObject): void {
    const objects = objectsOf(object.kind);
    const before = objects.get(keyOf(object));
    if (type === 'DELETED') {
      objects.delete(keyOf(object));
      announce('DELETED', object);
      return;
    }
    // What is on its way there is newer than what comes from there.
    const pending = writer.pending(object.metadata.uid);
    const merged = pending ? { ...object, status: pending.status } : object;
    objects.set(keyOf(object), merged);
    announce(before ? 'MODIFIED' : 'ADDED', merged);
  }

  function listed(kind: MirroredKind, found: readonly KubernetesObject[]): void {
    const uids = new Set(found.map(({ metadata }) => metadata.uid));
    for (const object of [...objectsOf(kind).values()]) if (!uids.has(object.metadata.uid)) changed('DELETED', object);
    for (const object of found) changed('ADDED', object);
  }

  const followed = (Object.keys(mirrored) as MirroredKind[]).map((kind) =>
    follow(connection, kind, { listed: (found) => listed(kind, found), changed }),
  );

  return {
    synced: Promise.all(followed.map(({ synced }) => synced)).then(() => undefined),
    get: (kind, namespace, name) => objectsOf(kind).get(`${namespace ?? ''}/${name}`),
    list(kind, namespace) {
      const all = [...objectsOf(kind).values()];
      return {
        items: namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace),
        version: 0,
      };
    },
    put(draft) {
      const before = objectsOf(draft.kind).get(keyOf(draft));
      const object = {
        ...draft,
        metadata: { ...draft.metadata, resourceVersion: before?.metadata.resourceVersion ?? '0' },
      } as KubernetesObject;
      if (!before || before.metadata.uid !== object.metadata.uid) return object;
      objectsOf(draft.kind).set(keyOf(object), object);
      if (!sameJson(before.status, object.status)) writer.write(object);
      announce('MODIFIED', object);
      return object;
    },
    remove(object) {
      const { uid } = object.metadata;
      connection
        .ask('DELETE', pathOf(object), { gracePeriodSeconds: 0, preconditions: { uid } })
        .catch((error: unknown) => {
          if (!(error instanceof RemoteError && (error.status === 404 || error.status === 409))) throw error;
        })
        .catch((error: unknown) => console.error('kubernetes: a pod that ended could not be deleted', error));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      for (const one of followed) one.stop();
      await writer.close();
    },
  };
}
