import { isJsonObject, type JsonObject } from '../object.ts';
import type { Field } from '../schema/field.ts';
import { elementSegment } from '../schema/inspect.ts';
import { type FieldPath, segmentsOf } from './field-set.ts';

/** `live` with everything that `applied` sets; what `applied` is silent about stays. */
export function merge(field: Field, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if ((field.type === 'object' || field.type === 'map') && isJsonObject(live) && isJsonObject(applied)) {
    const merged: Record<string, unknown> = { ...live };
    for (const [name, value] of Object.entries(applied)) {
      const inner = field.type === 'map' ? field.values : field.fields[name];
      merged[name] = inner ? merge(inner, live[name], value) : value;
    }
    return merged;
  }
  if (field.type === 'list' && (field.keys || field.set) && Array.isArray(live) && Array.isArray(applied)) {
    const additions = new Map(applied.map((item) => [elementSegment(field, item), item]));
    const kept = live.map((item) => {
      const segment = elementSegment(field, item);
      const addition = additions.get(segment);
      additions.delete(segment);
      return addition === undefined ? item : merge(field.items, item, addition);
    });
    return [...kept, ...additions.values()];
  }
  return applied;
}

/** The value without the given fields, and without what holds nothing once they are gone. */
export function without(field: Field, value: JsonObject, paths: Iterable<FieldPath>): JsonObject {
  // Whole elements first: one that has lost its key could not be found again.
  const ordered = [...paths].map(segmentsOf).sort((a, b) => Number(isElement(b)) - Number(isElement(a)));
  let result: unknown = value;
  for (const segments of ordered) result = removed(field, result, segments) ?? {};
  return isJsonObject(result) ? result : {};
}

const isElement = (segments: readonly string[]): boolean => !segments.at(-1)?.startsWith('f:');

function removed(field: Field, value: unknown, segments: readonly string[]): unknown {
  const [segment, ...rest] = segments;
  if (segment === undefined) return undefined;
  if (segment.startsWith('f:') && isJsonObject(value)) {
    const name = segment.slice(2);
    const inner = field.type === 'map' ? field.values : field.type === 'object' ? field.fields[name] : undefined;
    if (!inner || !Object.hasOwn(value, name)) return value;
    const { [name]: item, ...others } = value;
    const left = removed(inner, item, rest);
    if (left !== undefined) return { ...value, [name]: left };
    return Object.keys(others).length > 0 ? others : undefined;
  }
  if (field.type === 'list' && Array.isArray(value)) {
    const items = value.flatMap((item) => {
      if (elementSegment(field, item) !== segment) return [item];
      const left = removed(field.items, item, rest);
      return left === undefined ? [] : [left];
    });
    return items.length > 0 ? items : undefined;
  }
  return value;
}
