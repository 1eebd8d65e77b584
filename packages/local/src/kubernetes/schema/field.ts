/**
 * A compact description of the fields of Kubernetes kinds: enough to refuse what the real API server refuses, and to
 * merge as it merges. What is not described here is an unknown field.
 */
export type Field =
  | {
      readonly type: 'string';
      readonly pattern?: RegExp;
      readonly oneOf?: readonly string[];
      readonly lengthMax?: number;
      /** Stands for an absent value where the field identifies an element. */
      readonly keyDefault?: string;
    }
  | { readonly type: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'quantity' }
  /** A number, or a percentage, or a port's name. */
  | { readonly type: 'intOrString' }
  | { readonly type: 'object'; readonly fields: Fields; readonly required: readonly string[] }
  /** Free names. Each entry has an owner of its own. */
  | { readonly type: 'map'; readonly values: Field; readonly key?: RegExp }
  /** `keys` make elements identifiable, so that each has owners of its own; `set` does so by value. Otherwise the list is one value. */
  | {
      readonly type: 'list';
      readonly items: Field;
      readonly keys?: readonly string[];
      readonly set?: boolean;
      readonly lengthMin?: number;
    };

export type Fields = Readonly<Record<string, Field>>;

export const text: Field = { type: 'string' };
export const flag: Field = { type: 'boolean' };
export const quantity: Field = { type: 'quantity' };
export const intOrString: Field = { type: 'intOrString' };
export const oneOf = (...oneOf: readonly string[]): Field => ({ type: 'string', oneOf });
export const matching = (pattern: RegExp, lengthMax?: number): Field =>
  lengthMax === undefined ? { type: 'string', pattern } : { type: 'string', pattern, lengthMax };
export const integer = (min?: number, max?: number): Field => ({
  type: 'integer',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
export const object = (fields: Fields, ...required: readonly string[]): Field => ({ type: 'object', fields, required });
export const map = (values: Field, key?: RegExp): Field => ({ type: 'map', values, ...(key ? { key } : {}) });
export const list = (items: Field, lengthMin = 0): Field => ({ type: 'list', items, lengthMin });
export const listBy = (keys: readonly string[], items: Field, lengthMin = 0): Field => ({
  type: 'list',
  items,
  keys,
  lengthMin,
});
export const setOf = (items: Field): Field => ({ type: 'list', items, set: true });

export const amounts = map(quantity);
export const stringMap = map(text);

/** A transport protocol; one that is not named is TCP. */
export const protocol: Field = { type: 'string', oneOf: ['TCP', 'UDP'], keyDefault: 'TCP' };

/** RFC 1123 label: names of namespaces and services, and parts of longer names. */
export const dnsLabel = matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63);
export const dnsSubdomain = matching(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, 253);
export const labels = map(
  matching(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 63),
  /^([a-z0-9][-.a-z0-9]*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
);
export const labelSelector = object({
  matchLabels: labels,
  matchExpressions: list(
    object(
      { key: text, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'), values: list(text) },
      'key',
      'operator',
    ),
  ),
});
