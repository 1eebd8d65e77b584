import { type Item, parseItem } from './attribute-value.ts';
import { serializationError, validationError } from './errors.ts';

/** Checks one JSON value and gives it its type. `path` names it in errors, in AWS's manner: `transactItems.1.member.put`. */
export type Shape<T> = (value: unknown, path: string) => T;

/** A member that may be left out. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

export const optional = <T>(shape: Shape<T>): Optional<T> => ({ optional: shape });

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;
type RequiredNames<F extends Fields> = { [K in keyof F]: F[K] extends Optional<unknown> ? never : K }[keyof F];
type Structure<F extends Fields> = {
  readonly [K in RequiredNames<F>]: F[K] extends Shape<infer T> ? T : never;
} & {
  readonly [K in Exclude<keyof F, RequiredNames<F>>]?: F[K] extends Optional<infer T> ? T : never;
};
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

const lowerFirst = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);
const shown = (value: unknown) =>
  value == null ? 'null' : `'${(typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 256)}'`;

function violation(value: unknown, path: string, constraint: string) {
  return validationError(
    `1 validation error detected: Value ${shown(value)} at '${path}' failed to satisfy constraint: ${constraint}`,
  );
}

function checkLength(value: unknown, length: number, path: string, min: number, max: number): void {
  if (length < min) throw violation(value, path, `Member must have length greater than or equal to ${min}`);
  if (length > max) throw violation(value, path, `Member must have length less than or equal to ${max}`);
}

export const string =
  (limits: { readonly min?: number; readonly max?: number; readonly pattern?: RegExp } = {}): Shape<string> =>
  (value, path) => {
    if (typeof value !== 'string') throw serializationError(`${typeof value} cannot be converted to String`);
    checkLength(value, value.length, path, limits.min ?? 0, limits.max ?? 100_000);
    if (limits.pattern && !limits.pattern.test(value)) {
      const pattern = limits.pattern.source.replace(/^\^|\$$/g, '');
      throw violation(value, path, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    return value;
  };

export const oneOf =
  <const T extends string>(members: readonly T[]): Shape<T> =>
  (value, path) => {
    const member = members.find((candidate) => candidate === string()(value, path));
    if (member === undefined) {
      throw violation(value, path, `Member must satisfy enum value set: [${members.join(', ')}]`);
    }
    return member;
  };

export const boolean: Shape<boolean> = (value) => {
  if (typeof value !== 'boolean') throw serializationError(`${typeof value} cannot be converted to Boolean`);
  return value;
};

export const integer =
  (min: number, max: number): Shape<number> =>
  (value, path) => {
    if (typeof value !== 'number') throw serializationError(`${typeof value} cannot be converted to Integer`);
    if (!Number.isInteger(value)) throw serializationError('DECIMAL_VALUE cannot be converted to Integer');
    if (value < min) throw violation(value, path, `Member must have value greater than or equal to ${min}`);
    if (value > max) throw violation(value, path, `Member must have value less than or equal to ${max}`);
    return value;
  };

export const list =
  <T>(member: Shape<T>, min: number, max: number): Shape<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw serializationError('Unexpected field type');
    checkLength(value, value.length, path, min, max);
    return value.map((element, index) => member(element, `${path}.${index + 1}.member`));
  };

/** A map whose keys the caller chooses; it comes out as a `Map`, which no name can confuse. */
export const map =
  <T>(member: Shape<T>, min: number, max: number): Shape<ReadonlyMap<string, T>> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw serializationError('Unexpected field type');
    }
    const entries = Object.entries(value);
    checkLength(value, entries.length, path, min, max);
    return new Map(entries.map(([name, element]) => [name, member(element, `${path}.${name}.member`)]));
  };

/** A map from attribute names to attribute values. */
export const item: Shape<Item> = (value) => parseItem(value);

/** An object with exactly these members: one that is not known here is an error, since it would be silently without effect. */
export const structure =
  <const F extends Fields>(fields: F): Shape<Structure<F>> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw serializationError('Unexpected field type');
    }
    const given = new Map(Object.entries(value).filter(([, member]) => member != null));
    for (const name of given.keys()) {
      if (!Object.hasOwn(fields, name)) {
        throw validationError(`The parameter '${path ? `${path}.` : ''}${name}' is not supported`);
      }
    }
    const result: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      const member = given.get(name);
      const memberPath = path ? `${path}.${lowerFirst(name)}` : lowerFirst(name);
      if (typeof field === 'function') {
        if (member === undefined) throw violation(null, memberPath, 'Member must not be null');
        result[name] = field(member, memberPath);
      } else if (member !== undefined) {
        result[name] = field.optional(member, memberPath);
      }
    }
    return result as Structure<F>;
  };
