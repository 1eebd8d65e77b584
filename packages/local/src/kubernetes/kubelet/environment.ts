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

/** Of this process's own environment, only what finding and running a command takes: never its credentials. */
const inherited = ['PATH', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'];

function referenced(store: Store, pod: PodView, variable: VariableSpec): string | undefined {
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
 * The whole environment of a container: what every process needs, the image's, the pod's, and what the node adds,
 * later ones first in rank.
 * @throws {ContainerConfigError} when a Secret or ConfigMap that it names is not there
 */
export function containerEnvironment(
  store: Store,
  pod: PodView,
  image: Readonly<Record<string, string>>,
  node: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const base = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = pod.container.env.flatMap((variable) => {
    const value = variable.value ?? referenced(store, pod, variable);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return { ...Object.fromEntries(base), HOSTNAME: pod.name, ...image, ...Object.fromEntries(own), ...node };
}
