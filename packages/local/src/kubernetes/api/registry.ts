import { randomUUID } from 'node:crypto';
import { applyFields } from '../apply/apply.ts';
import { isJsonObject, type JsonObject, type KubernetesObject, sameJson } from '../object.ts';
import { assertDecodes, assertValid, groupOf, type Kind, kindNamed } from '../schema/kinds.ts';
import type { Draft, Store } from '../store/store.ts';
import { StatusError } from './status.ts';

export interface ApplyOptions {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly body: unknown;
  readonly manager: string;
  readonly force: boolean;
}

export interface Registry {
  /** @throws {StatusError} */
  apply(options: ApplyOptions): { readonly object: KubernetesObject; readonly created: boolean };
  /** @throws {StatusError} `NotFound` */
  get(kind: Kind, namespace: string | undefined, name: string): KubernetesObject;
  /**
   * Deletes at once, or where something must stop first, marks it; the controllers do the rest.
   * @throws {StatusError} `NotFound`
   */
  delete(kind: Kind, namespace: string | undefined, name: string): KubernetesObject;
}

/** Stands in for admission control: changes or refuses what was merged before it is stored. */
export type Admission = (kind: Kind, body: JsonObject) => JsonObject;

/** Kinds whose objects stop before they go. */
const gradual = new Set(['Namespace', 'Pod']);

export const rfc3339 = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export const notFound = (kind: Kind, name: string): StatusError =>
  new StatusError('NotFound', `${resourceOf(kind)} "${name}" not found`, {
    name,
    group: groupOf(kind),
    kind: kind.plural,
  });

const resourceOf = (kind: Kind): string => [kind.plural, groupOf(kind)].filter(Boolean).join('.');

/** The rules of reading and writing objects, whoever calls. */
export function createRegistry(options: {
  readonly store: Store;
  readonly now: () => number;
  readonly admit: Admission;
}): Registry {
  const { store, now, admit } = options;

  const get: Registry['get'] = (kind, namespace, name) => {
    const found = store.get(kind.kind, namespace, name);
    if (!found) throw notFound(kind, name);
    return found;
  };

  /** An object that is new needs a namespace that will stay. */
  function assertPlace(kind: Kind, namespace: string | undefined, name: string): void {
    if (namespace === undefined) return;
    const place = get(kindNamed('Namespace'), undefined, namespace);
    if (place.metadata.deletionTimestamp === undefined) return;
    throw new StatusError(
      'Forbidden',
      `${resourceOf(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      {
        name,
        kind: kind.plural,
        causes: [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated` }],
      },
    );
  }

  function apply({ kind, namespace, name, body, manager, force }: ApplyOptions): {
    object: KubernetesObject;
    created: boolean;
  } {
    if (kind.readOnly) {
      throw new StatusError('MethodNotAllowed', `${resourceOf(kind)} are made by this cluster's own controllers alone`);
    }
    const wanted = decoded(kind, body, namespace, name);
    const live = store.get(kind.kind, namespace, name);
    if (!live) assertPlace(kind, namespace, name);
    const stated = isJsonObject(wanted.metadata) ? wanted.metadata : {};
    if (stated.resourceVersion !== undefined && stated.resourceVersion !== live?.metadata.resourceVersion) {
      throw new StatusError(
        'Conflict',
        `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": the object has been modified`,
        { name, kind: kind.plural },
      );
    }
    const applied = applyFields({ kind, body: wanted, live, manager, force, now: now() });
    const merged = isJsonObject(applied.body.metadata) ? applied.body.metadata : {};
    const candidate = {
      ...applied.body,
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { ...merged, name, ...(namespace === undefined ? {} : { namespace }) },
    };
    assertValid(kind, candidate, live);
    const admitted = admit(kind, candidate);
    const draft = versioned(live, admitted, applied.managedFields, now());
    if (live && sameJson({ ...live, metadata: { ...live.metadata, resourceVersion: '' } }, withVersion(draft))) {
      return { object: live, created: false };
    }
    return { object: store.put(draft), created: !live };
  }

  return {
    apply,
    get,
    delete(kind, namespace, name) {
      const live = get(kind, namespace, name);
      if (!gradual.has(kind.kind)) {
        store.remove(live);
        return live;
      }
      if (live.metadata.deletionTimestamp !== undefined) return live;
      const status = kind.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
      return store.put({ ...live, ...status, metadata: { ...live.metadata, deletionTimestamp: rfc3339(now()) } });
    },
  };
}

const withVersion = (draft: Draft): object => ({ ...draft, metadata: { ...draft.metadata, resourceVersion: '' } });

/** The next version of an object: a new identity, or the old one with its status and, where the fields changed, a generation more. */
function versioned(
  live: KubernetesObject | undefined,
  body: JsonObject,
  managedFields: KubernetesObject['metadata']['managedFields'] & {},
  now: number,
): Draft {
  const { metadata, apiVersion, kind, ...fields } = body;
  const stated = isJsonObject(metadata) ? metadata : {};
  const changed =
    !live ||
    Object.keys({ ...fields, ...live }).some((field) => meaningful(field) && !sameJson(fields[field], live[field]));
  return {
    ...fields,
    apiVersion: String(apiVersion),
    kind: String(kind),
    ...(live?.status === undefined ? initialStatus(String(kind)) : { status: live.status }),
    metadata: {
      ...stated,
      name: String(stated.name),
      uid: live?.metadata.uid ?? randomUUID(),
      generation: (live?.metadata.generation ?? 0) + (changed ? 1 : 0),
      creationTimestamp: live?.metadata.creationTimestamp ?? rfc3339(now),
      ...(live?.metadata.deletionTimestamp === undefined ? {} : { deletionTimestamp: live.metadata.deletionTimestamp }),
      managedFields,
    },
  };
}

const meaningful = (field: string): boolean => !['apiVersion', 'kind', 'metadata', 'status'].includes(field);

const initialStatus = (kind: string): object => (kind === 'Namespace' ? { status: { phase: 'Active' } } : {});

function decoded(kind: Kind, body: unknown, namespace: string | undefined, name: string): JsonObject {
  const refuse = (message: string): never => {
    throw new StatusError('BadRequest', message);
  };
  if (!isJsonObject(body)) return refuse('the body is not an object');
  if (body.apiVersion !== kind.apiVersion || body.kind !== kind.kind) {
    return refuse(
      `the body is ${String(body.apiVersion)} ${String(body.kind)}, the path is for ${kind.apiVersion} ${kind.kind}`,
    );
  }
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const { managedFields, ...plain } = metadata;
  if (managedFields !== undefined) return refuse('metadata.managedFields must be nil');
  if ((plain.name ?? name) !== name) return refuse('the name of the object does not match the name in the path');
  if ((plain.namespace ?? namespace) !== namespace) {
    return refuse('the namespace of the object does not match the namespace in the path');
  }
  const { status: _status, ...stated } = body;
  const whole = { ...stated, metadata: { ...plain, name } };
  assertDecodes(kind, whole);
  return whole;
}
