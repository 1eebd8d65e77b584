import { type FieldsV1, isJsonObject } from '../object.ts';
import type { Field } from '../schema/field.ts';
import { elementSegment } from '../schema/inspect.ts';

/** A path of fields, its segments joined by a newline, which no segment contains. */
export type FieldPath = string;
export type FieldSet = ReadonlySet<FieldPath>;

const separator = '\n';
export const segmentsOf = (path: FieldPath): readonly string[] => path.split(separator);

/** The fields that a value sets, each with what it is set to; elements of keyed lists count as fields themselves. */
export function fieldsOf(field: Field, value: unknown): ReadonlyMap<FieldPath, unknown> {
  const found = new Map<FieldPath, unknown>();
  collect(field, value, [], found);
  return found;
}

function collect(field: Field, value: unknown, path: readonly string[], found: Map<FieldPath, unknown>): void {
  const into = (inner: Field, item: unknown, segment: string) => collect(inner, item, [...path, segment], found);
  const leaf = () => found.set(path.join(separator), value);

  if (field.type === 'object' && isJsonObject(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) leaf();
    for (const [name, item] of entries) {
      const inner = field.fields[name];
      if (inner) into(inner, item, `f:${name}`);
    }
  } else if (field.type === 'map' && isJsonObject(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) leaf();
    for (const [name, item] of entries) into(field.values, item, `f:${name}`);
  } else if (field.type === 'list' && Array.isArray(value) && (field.keys || field.set)) {
    if (value.length === 0) leaf();
    for (const item of value) {
      const segment = elementSegment(field, item) ?? '';
      // The element itself: two managers may both have it without a conflict.
      found.set([...path, segment].join(separator), undefined);
      if (field.keys) into(field.items, item, segment);
    }
  } else leaf();
}

export function toFieldsV1(paths: Iterable<FieldPath>): FieldsV1 {
  const root: Record<string, unknown> = {};
  const all = new Set(paths);
  const inner = new Set<FieldPath>();
  for (const path of all) {
    const segments = segmentsOf(path);
    for (let end = 1; end < segments.length; end += 1) inner.add(segments.slice(0, end).join(separator));
  }
  for (const path of [...all].sort()) {
    let node = root;
    for (const segment of segmentsOf(path)) {
      const next = node[segment];
      const child: Record<string, unknown> = isJsonObject(next) ? next : {};
      node[segment] = child;
      node = child;
    }
    if (inner.has(path)) node['.'] = {};
  }
  return root as FieldsV1;
}

export function fromFieldsV1(tree: FieldsV1): FieldSet {
  const found = new Set<FieldPath>();
  const walk = (node: FieldsV1, path: readonly string[]): void => {
    const children = Object.entries(node);
    if (path.length > 0 && (children.length === 0 || Object.hasOwn(node, '.'))) found.add(path.join(separator));
    for (const [segment, child] of children) if (segment !== '.') walk(child, [...path, segment]);
  };
  walk(tree, []);
  return found;
}
