import type { AttributeValue } from '../attribute-value.ts';
import { validationError } from '../errors.ts';

/**
 * The `#names` and `:values` of one request, and which of them its expressions have used: DynamoDB refuses a request
 * that brings one along for nothing.
 */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #unused: Set<string>;

  /** @throws {AwsError} `ValidationException` for an empty map or an ill-formed key. */
  constructor(names?: ReadonlyMap<string, string>, values?: ReadonlyMap<string, AttributeValue>) {
    checkKeys('ExpressionAttributeNames', names, /^#[0-9a-zA-Z_]+$/);
    checkKeys('ExpressionAttributeValues', values, /^:[0-9a-zA-Z_]+$/);
    this.#names = names ?? new Map();
    this.#values = values ?? new Map();
    this.#unused = new Set([...this.#names.keys(), ...this.#values.keys()]);
  }

  name(placeholder: string): string | undefined {
    this.#unused.delete(placeholder);
    return this.#names.get(placeholder);
  }

  value(placeholder: string): AttributeValue | undefined {
    this.#unused.delete(placeholder);
    return this.#values.get(placeholder);
  }

  /** @param anyExpression Whether the request has an expression at all. */
  assertAllUsed(anyExpression: boolean): void {
    for (const [parameter, given, sigil] of [
      ['ExpressionAttributeNames', this.#names, '#'],
      ['ExpressionAttributeValues', this.#values, ':'],
    ] as const) {
      if (given.size > 0 && !anyExpression) {
        throw validationError(`${parameter} can only be specified when using expressions`);
      }
      const unused = [...this.#unused].filter((placeholder) => placeholder.startsWith(sigil));
      if (unused.length > 0) {
        throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    }
  }
}

function checkKeys(parameter: string, given: ReadonlyMap<string, unknown> | undefined, form: RegExp): void {
  if (given?.size === 0) throw validationError(`${parameter} must not be empty`);
  for (const key of given?.keys() ?? []) {
    if (!form.test(key)) throw validationError(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
  }
}
