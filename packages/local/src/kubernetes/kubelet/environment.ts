import { isJsonObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import type { PodView, VariableSpec } from './pod-view.ts';

/** Why a container cannot be created yet; what it lacks may still come. */
export class ContainerConfigError extends Error {
  readonly reason: string = 'CreateContainerConfigError';
}

/** The registry has no such image. */
export class ImagePullError extends ContainerConfigError {
  override readonly reason = 'ImagePullBackOff';
}

function referenced(store: Pick<Store, 'get'>, pod: PodView, variable: VariableSpec): string | undefined {
  const { secretKeyRef, configMapKeyRef, fieldRef } = variable.valueFrom ?? {};
  if (fieldRef) {
    const fields: Readonly<Record<string, string>> = {
      'metadata.name': pod.name,
      'metadata.namespace': pod.namespace,
      'metadata.uid': pod.uid,
      'status.podIP': '127.0.0.1',
    };
    return fields[fieldRef.fieldPath];
  }
  const reference = secretKeyRef ?? configMapKeyRef;
  if (!reference) return undefined;
  const kind = secretKeyRef ? 'Secret' : 'ConfigMap';
  const data = store.get(kind, pod.namespace, reference.name)?.data;
  const value = isJsonObject(data) && Object.hasOwn(data, reference.key) ? String(data[reference.key]) : undefined;
  if (value !== undefined) return secretKeyRef ? Buffer.from(value, 'base64').toString() : value;
  if (reference.optional) return undefined;
  throw new ContainerConfigError(`couldn't find key ${reference.key} in ${kind} ${pod.namespace}/${reference.name}`);
}

/**
 * The variables of a container: the pod's, and what the node adds, later ones first in rank.
 * @throws {ContainerConfigError} when a Secret or ConfigMap that it names is not there
 */
export function containerEnvironment(
  store: Pick<Store, 'get'>,
  pod: PodView,
  node: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = pod.container.env.flatMap((variable) => {
    const value = variable.value ?? referenced(store, pod, variable);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return { HOSTNAME: pod.name, ...Object.fromEntries(own), ...node };
}
