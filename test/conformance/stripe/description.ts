/** Stripe's description of its API (OpenAPI 3), as far as answers are held against it. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DescribedOperation {
  /** `/v1/customers/{customer}`. */
  readonly path: string;
  /** Of the answer when all went well. */
  readonly schema: Schema;
}

/** The operation that answers the request; a path without parameters goes before one with. */
export function findOperation({ paths }: Description, method: string, path: string): DescribedOperation | undefined {
  const given = path.split('/');
  const candidates = Object.keys(paths)
    .filter((pattern) => {
      const parts = pattern.split('/');
      return (
        parts.length === given.length && parts.every((part, place) => part.startsWith('{') || part === given[place])
      );
    })
    .sort((left, right) => left.split('{').length - right.split('{').length);
  for (const pattern of candidates) {
    const schema = paths[pattern]?.[method.toLowerCase()]?.responses['200']?.content?.['application/json']?.schema;
    if (schema) return { path: pattern, schema };
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  object: isFields,
  string: (value) => typeof value === 'string',
};

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60);

/**
 * What of the value is not as described, one line each: the place within the nearest object that has a name of its own, and what is wrong
 * there.
 */
export function violations(description: Description, schema: Schema, value: unknown, place = ''): string[] {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const named = description.components.schemas[name];
    return named ? violations(description, named, value, name) : [`${place}: ${name} is not described`];
  }
  if (value === null) return schema.nullable ? [] : [`${place}: is null`];
  if (schema.anyOf) {
    const alike = schema.anyOf.filter(({ type = 'object' }) => fits[type]?.(value));
    const found = (alike.length > 0 ? alike : schema.anyOf).map((each) => violations(description, each, value, place));
    return found.sort((left, right) => left.length - right.length)[0] ?? [];
  }
  if (schema.type && !fits[schema.type]?.(value)) return [`${place}: is ${shown(value)}, not ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${place}: is ${shown(value)}, none of those described`];
  if (Array.isArray(value))
    return value.flatMap((entry) => (schema.items ? violations(description, schema.items, entry, `${place}[]`) : []));
  return isFields(value) ? fieldViolations(description, schema, value, place) : [];
}

function fieldViolations(description: Description, schema: Schema, value: Fields, place: string): string[] {
  const { properties, required = [], additionalProperties: others } = schema;
  const absent = required.filter((name) => value[name] === undefined).map((name) => `${place}.${name}: is missing`);
  const wrong = Object.entries(value).flatMap(([name, field]) => {
    const described = properties?.[name];
    if (described) return violations(description, described, field, `${place}.${name}`);
    if (typeof others === 'object') return violations(description, others, field, `${place}.*`);
    return properties && others !== true ? [`${place}.${name}: is not described`] : [];
  });
  return [...absent, ...wrong];
}
