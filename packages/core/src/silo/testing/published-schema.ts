interface Validating {
  validate(this: object): void;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Wraps an object so that every field that is read, at any depth, is noted. */
function noting(target: object, read: WeakMap<object, Set<PropertyKey>>): object {
  return new Proxy(target, {
    get(object, name) {
      const names = read.get(object) ?? new Set();
      read.set(object, names.add(name));
      const value: unknown = Reflect.get(object, name);
      return isObject(value) ? noting(value, read) : value;
    },
  });
}

function unread(value: unknown, path: string, read: WeakMap<object, Set<PropertyKey>>): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    return read.get(value)?.has(name) ? unread(inner, at, read) : [at];
  });
}

/**
 * Holds a manifest against the published schema of its kind. The published validators check types and required fields
 * but pass over fields they do not know; since they read every field that they do know, what stays unread is unknown.
 * Gives the unknown fields.
 * @throws when a known field has a wrong value
 */
export async function unknownFields(manifest: {
  readonly apiVersion: string;
  readonly kind: string;
}): Promise<string[]> {
  const published = manifest.apiVersion.startsWith('karpenter.sh/')
    ? '@kubernetes-models/karpenter'
    : 'kubernetes-models';
  const specifier = `${published}/${manifest.apiVersion}`;
  const module: Record<string, { prototype: Validating }> = await import(/* @vite-ignore */ specifier);
  const model = module[manifest.kind];
  if (!model) throw new Error(`No schema is published for ${manifest.apiVersion} ${manifest.kind}.`);
  const read = new WeakMap<object, Set<PropertyKey>>();
  model.prototype.validate.call(noting(manifest, read));
  return unread(manifest, '', read);
}
