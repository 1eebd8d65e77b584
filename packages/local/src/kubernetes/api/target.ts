import { groupOf, type Kind, kindServedAt } from '../schema/kinds.ts';
import { StatusError } from './status.ts';

/** What a path is about: one object, or with no name all of a kind. */
export interface Target {
  readonly kind: Kind;
  readonly group: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const missing = (): StatusError => new StatusError('NotFound', 'the server could not find the requested resource');

/** @throws {StatusError} `NotFound` for a path that the cluster does not serve */
export function targetOf(path: string): Target {
  const segments = path.split('/').slice(1).map(decoded);
  const version = segments[0] === 'apis' ? segments.splice(0, 3).slice(1).join('/') : segments.splice(0, 2)[1];
  if (!path.startsWith('/api/') && !path.startsWith('/apis/')) throw missing();
  const inNamespace = segments[0] === 'namespaces' && segments.length > 2;
  const namespace = inNamespace ? segments.splice(0, 2)[1] : undefined;
  const [plural, name, ...more] = segments;
  const kind = version === undefined || plural === undefined ? undefined : kindServedAt(version, plural);
  if (!kind || name === '' || namespace === '' || more.length > 0) throw missing();
  if (namespace !== undefined && !kind.namespaced) throw missing();
  // Without a namespace, the objects of all namespaces can be listed, but none can be named.
  if (namespace === undefined && kind.namespaced && name !== undefined) throw missing();
  return { kind, group: groupOf(kind), namespace, name };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw missing();
  }
}
