import { StatusError } from '../api/status.ts';
import { isJsonObject, type JsonObject, type KubernetesObject, type ManagedFieldsEntry, sameJson } from '../object.ts';
import type { Kind } from '../schema/kinds.ts';
import { type FieldPath, type FieldSet, fieldsOf, fromFieldsV1, segmentsOf, toFieldsV1 } from './field-set.ts';
import { merge, without } from './merge.ts';

export interface ApplyRequest {
  readonly kind: Kind;
  /** What the manager wants, decoded and free of unknown fields. */
  readonly body: JsonObject;
  readonly live: KubernetesObject | undefined;
  readonly manager: string;
  readonly force: boolean;
  readonly now: number;
}

/** Set by the server alone, or what names the object: nobody owns these. */
const serverMetadata = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'name', 'namespace'];

/** What the manager states an opinion on. */
function intent(body: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, status: _status, metadata, ...rest } = body;
  const stated = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(
    ([name]) => !serverMetadata.includes(name),
  );
  return { ...rest, ...(stated.length > 0 ? { metadata: Object.fromEntries(stated) } : {}) };
}

/** `spec.template.spec.containers[name="app"].image`, as a conflict names it. */
function readable(path: FieldPath): string {
  return segmentsOf(path)
    .map((segment) => {
      if (segment.startsWith('f:')) return `.${segment.slice(2)}`;
      const key: unknown = JSON.parse(segment.slice(2));
      if (!isJsonObject(key)) return `[=${JSON.stringify(key)}]`;
      return `[${Object.entries(key)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}

interface Ownership {
  readonly mine: FieldSet;
  readonly others: ReadonlyMap<string, FieldSet>;
}

function ownership(live: KubernetesObject | undefined, manager: string): Ownership {
  const entries = (live?.metadata.managedFields ?? []).map(
    (entry) => [entry.manager, fromFieldsV1(entry.fieldsV1)] as const,
  );
  const others = new Map(entries.filter(([name]) => name !== manager));
  return { mine: new Map(entries).get(manager) ?? new Set(), others };
}

function valueConflicts(
  wanted: ReadonlyMap<FieldPath, unknown>,
  present: ReadonlyMap<FieldPath, unknown>,
  others: ReadonlyMap<string, FieldSet>,
): readonly { manager: string; path: FieldPath }[] {
  const differing = [...wanted].filter(([path, value]) => !sameJson(value, present.get(path))).map(([path]) => path);
  return [...others].flatMap(([manager, owned]) =>
    differing.filter((path) => owned.has(path)).map((path) => ({ manager, path })),
  );
}

function refuseConflicts(kind: Kind, name: string, conflicts: readonly { manager: string; path: FieldPath }[]): void {
  if (conflicts.length === 0) return;
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"`,
    field: readable(path),
  }));
  const listed = causes.map(({ message, field }) => `${message}: ${field}`).join(', ');
  throw new StatusError(
    'Conflict',
    `Apply failed with ${causes.length} conflict${causes.length > 1 ? 's' : ''}: ${listed}`,
    { name, kind: kind.plural, causes },
  );
}

/**
 * Server-side apply: what the manager states is set, what it stated before and no longer does goes unless somebody
 * else has it too, and the rest stays. Gives the object's fields without what the server sets.
 * @throws {StatusError} `Conflict` when another manager holds a field with another value, unless forced
 */
export function applyFields(request: ApplyRequest): { body: JsonObject; managedFields: readonly ManagedFieldsEntry[] } {
  const { kind, live, manager, now } = request;
  const wantedBody = intent(request.body);
  const liveBody = live ? intent(live) : {};
  if (isJsonObject(liveBody.metadata)) {
    const { managedFields: _managed, deletionTimestamp: _deleted, ...metadata } = liveBody.metadata;
    Object.assign(liveBody, { metadata });
  }
  const wanted = fieldsOf(kind.field, wantedBody);
  const { mine, others } = ownership(live, manager);
  const conflicts = valueConflicts(wanted, fieldsOf(kind.field, liveBody), others);
  if (!request.force) refuseConflicts(kind, String((request.body.metadata as JsonObject).name), conflicts);
  const lost = new Set(conflicts.map(({ manager: owner, path }) => `${owner} ${path}`));

  const abandoned = [...mine].filter(
    (path) => !wanted.has(path) && ![...others.values()].some((owned) => owned.has(path)),
  );
  const merged = merge(kind.field, without(kind.field, liveBody, abandoned), wantedBody);
  const previous = new Map((live?.metadata.managedFields ?? []).map((entry) => [entry.manager, entry]));
  const entries: [string, FieldSet][] = [
    ...[...others].map(([owner, owned]): [string, FieldSet] => [
      owner,
      new Set([...owned].filter((path) => !lost.has(`${owner} ${path}`))),
    ]),
    [manager, new Set(wanted.keys())],
  ];
  return {
    body: isJsonObject(merged) ? merged : {},
    managedFields: entries
      .filter(([, owned]) => owned.size > 0)
      .map(([owner, owned]) => entryOf(kind, owner, owned, previous.get(owner), now)),
  };
}

function entryOf(
  kind: Kind,
  manager: string,
  owned: FieldSet,
  previous: ManagedFieldsEntry | undefined,
  now: number,
): ManagedFieldsEntry {
  const fieldsV1 = toFieldsV1(owned);
  if (previous && sameJson(previous.fieldsV1, fieldsV1)) return previous;
  return {
    manager,
    operation: 'Apply',
    apiVersion: kind.apiVersion,
    time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
}
