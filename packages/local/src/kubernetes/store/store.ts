import type { KubernetesObject, Metadata } from '../object.ts';
import type { ClusterDatabase } from './database.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
  /** The object's resource version; of a deleted one, that of its deletion. */
  readonly version: number;
}

export interface Listing {
  readonly items: readonly KubernetesObject[];
  readonly version: number;
}

/** What is new or changed; the store gives it the next resource version. */
export type Draft = Omit<KubernetesObject, 'metadata'> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Omit<Metadata, 'resourceVersion'>;
};

export interface Store {
  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined;
  list(kind: string, namespace?: string): Listing;
  put(draft: Draft): KubernetesObject;
  remove(object: KubernetesObject): void;
  /** Changes after a version, oldest first; `undefined` when they reach further back than is remembered. */
  since(version: number): readonly Change[] | undefined;
  /** Calls for every change from now on. Gives what ends it. */
  subscribe(listener: (change: Change) => void): () => void;
  readonly version: number;
}

/** How many changes a watch that was interrupted may have missed. */
const historyMax = 2000;

/** All objects, in memory over the database; each change is durable before anybody hears of it. */
export function createStore(database: ClusterDatabase): Store {
  const byKind = new Map<string, Map<string, KubernetesObject>>();
  const history: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  let version = Number(database.setting('resourceVersion') ?? '1');
  const forgottenUpTo = { version };

  const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
  const objectsOf = (kind: string): Map<string, KubernetesObject> => {
    const found = byKind.get(kind) ?? new Map<string, KubernetesObject>();
    byKind.set(kind, found);
    return found;
  };
  for (const row of database.rows()) {
    objectsOf(row.kind).set(keyOf(row.namespace || undefined, row.name), JSON.parse(row.body) as KubernetesObject);
  }

  function announce(change: Change): void {
    history.push(change);
    const forgotten = history.length > historyMax ? history.shift() : undefined;
    if (forgotten) forgottenUpTo.version = forgotten.version;
    for (const listener of [...listeners]) listener(change);
  }

  return {
    get version() {
      return version;
    },
    get: (kind, namespace, name) => objectsOf(kind).get(keyOf(namespace, name)),
    list(kind, namespace) {
      const all = [...objectsOf(kind).values()];
      const items = namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
      return { items, version };
    },
    put(draft) {
      version += 1;
      const { name, namespace } = draft.metadata;
      const object: KubernetesObject = { ...draft, metadata: { ...draft.metadata, resourceVersion: String(version) } };
      database.write(draft.kind, namespace ?? '', name, JSON.stringify(object), version);
      const objects = objectsOf(draft.kind);
      const type = objects.has(keyOf(namespace, name)) ? 'MODIFIED' : 'ADDED';
      objects.set(keyOf(namespace, name), object);
      announce({ type, object, version });
      return object;
    },
    remove(object) {
      const { name, namespace } = object.metadata;
      if (!objectsOf(object.kind).has(keyOf(namespace, name))) return;
      version += 1;
      database.write(object.kind, namespace ?? '', name, undefined, version);
      objectsOf(object.kind).delete(keyOf(namespace, name));
      const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
      announce({ type: 'DELETED', object: last, version });
    },
    since(from) {
      return from < forgottenUpTo.version ? undefined : history.filter((change) => change.version > from);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
