import { StatusError } from '../api/status.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import { restrictedViolations } from './pod-security.ts';
import { exceeded, totalUsage } from './quota.ts';

const records = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const record = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

/** Gives containers that state no requests or limits those of the namespace's LimitRange. */
function withDefaults(store: Store, namespace: string, spec: JsonObject): JsonObject {
  const limits = store
    .list('LimitRange', namespace)
    .items.flatMap((range) => records(record(range.spec).limits))
    .filter((limit) => limit.type === 'Container');
  const defaults = Object.assign({}, ...limits.map((limit) => record(limit.default)));
  const requests = Object.assign({}, ...limits.map((limit) => record(limit.defaultRequest)));
  const containers = records(spec.containers).map((container) => {
    const resources = record(container.resources);
    return {
      ...container,
      resources: {
        requests: { ...requests, ...record(resources.requests) },
        limits: { ...defaults, ...record(resources.limits) },
      },
    };
  });
  return { ...spec, containers };
}

/**
 * Admits a pod to its namespace: defaults, the Pod Security standard that the namespace enforces, and its quotas.
 * Gives the specification to store.
 * @throws {StatusError} `Forbidden`
 */
export function admitPod(store: Store, namespace: string, name: string, given: JsonObject): JsonObject {
  const refuse = (why: string): never => {
    throw new StatusError('Forbidden', `pods "${name}" is forbidden: ${why}`, { name, kind: 'pods' });
  };
  const spec = withDefaults(store, namespace, given);
  const labels = store.get('Namespace', undefined, namespace)?.metadata.labels ?? {};
  if (labels['pod-security.kubernetes.io/enforce'] === 'restricted') {
    const violations = restrictedViolations(spec);
    if (violations.length > 0) refuse(`violates PodSecurity "restricted:latest": ${violations.join(', ')}`);
  }
  const used = totalUsage(store.list('Pod', namespace).items);
  for (const quota of store.list('ResourceQuota', namespace).items) {
    const over = exceeded(record(record(quota.spec).hard), used, { spec });
    if (over !== undefined) refuse(`exceeded quota: ${quota.metadata.name}, ${over}`);
  }
  return spec;
}
