import { isJsonObject } from '../object.ts';
import { parseQuantity } from '../quantity.ts';
import type { Field } from './field.ts';

export interface Finding {
  /** `spec.template.spec.containers[0].image` */
  readonly field: string;
  readonly message: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueDuplicate';
}

/** What is wrong with a value, by how the API server answers it. */
export interface Findings {
  /** Paths of fields that do not exist: 400 under strict validation. */
  readonly unknown: string[];
  /** Values of another type than the field's: 400. */
  readonly mistyped: string[];
  /** Values that the field does not allow: 422. */
  readonly invalid: Finding[];
}

const names = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
  map: 'object',
  list: 'array',
};

/** Holds a value against its description, all the way down. */
export function inspect(field: Field, value: unknown, path: string, findings: Findings): void {
  const invalid = (message: string, reason: Finding['reason'] = 'FieldValueInvalid') =>
    findings.invalid.push({ field: path, message, reason });
  const mistyped = (expected: string) => findings.mistyped.push(`${path}: expected ${expected}`);

  switch (field.type) {
    case 'string':
      if (typeof value !== 'string') return void mistyped(names.string);
      if (field.oneOf && !field.oneOf.includes(value)) {
        invalid(
          `Unsupported value: ${JSON.stringify(value)}: supported values: ${field.oneOf.join(', ')}`,
          'FieldValueNotSupported',
        );
      }
      if (field.pattern && !field.pattern.test(value)) {
        invalid(`Invalid value: ${JSON.stringify(value)}: must match ${field.pattern.source}`);
      }
      if (field.lengthMax !== undefined && value.length > field.lengthMax) {
        invalid(`Invalid value: must be no more than ${field.lengthMax} characters`);
      }
      return;
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return void mistyped(names.integer);
      if (value < (field.min ?? -Infinity) || value > (field.max ?? Infinity)) {
        invalid(`Invalid value: ${value}: must be between ${field.min ?? '-∞'} and ${field.max ?? '∞'}`);
      }
      return;
    case 'boolean':
      if (typeof value !== 'boolean') mistyped(names.boolean);
      return;
    case 'quantity':
      if (typeof value !== 'string' && typeof value !== 'number') return void mistyped('a quantity');
      if (parseQuantity(String(value)) === undefined)
        invalid(`Invalid value: ${JSON.stringify(value)}: not a quantity`);
      return;
    case 'intOrString':
      if (typeof value !== 'string' && !Number.isSafeInteger(value)) mistyped('integer or string');
      return;
    case 'map':
      if (!isJsonObject(value)) return void mistyped(names.map);
      for (const [key, item] of Object.entries(value)) {
        if (!(field.key ?? mapKey).test(key)) invalid(`Invalid value: ${JSON.stringify(key)}: not a valid name`);
        inspect(field.values, item, `${path}[${key}]`, findings);
      }
      return;
    case 'object':
      if (!isJsonObject(value)) return void mistyped(names.object);
      for (const name of field.required) {
        if (value[name] === undefined) {
          findings.invalid.push({ field: join(path, name), message: 'Required value', reason: 'FieldValueRequired' });
        }
      }
      for (const [name, item] of Object.entries(value)) {
        const inner = Object.hasOwn(field.fields, name) ? field.fields[name] : undefined;
        if (inner) inspect(inner, item, join(path, name), findings);
        else findings.unknown.push(join(path, name));
      }
      return;
    case 'list': {
      if (!Array.isArray(value)) return void mistyped(names.list);
      if (value.length < (field.lengthMin ?? 0)) invalid('Required value', 'FieldValueRequired');
      const seen = new Set<string>();
      for (const [index, item] of value.entries()) {
        inspect(field.items, item, `${path}[${index}]`, findings);
        const identity = elementSegment(field, item);
        if (identity === undefined) continue;
        if (seen.has(identity)) invalid(`Duplicate value: ${identity.slice(2)}`, 'FieldValueDuplicate');
        seen.add(identity);
      }
      return;
    }
  }
}

/** Names in a map: anything printable; Kubernetes narrows it for each map. */
const mapKey = /^[^\p{Cc}]{1,317}$/u;

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** How an element is named in a path of fields; `undefined` where the list is one value. */
export function elementSegment(field: Field & { type: 'list' }, item: unknown): string | undefined {
  if (field.set) return `v:${JSON.stringify(item)}`;
  if (!field.keys) return undefined;
  const inner = field.items.type === 'object' ? field.items.fields : {};
  const keys = field.keys.map((key) => {
    const described = inner[key];
    const absent = described?.type === 'string' ? described.keyDefault : undefined;
    return [key, (isJsonObject(item) ? item[key] : undefined) ?? absent];
  });
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}
