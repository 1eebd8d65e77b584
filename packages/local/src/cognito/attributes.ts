import { invalidParameter, notAuthorized } from './errors.ts';
import type { ClientSpec, PoolSpec } from './pool-spec.ts';
import type { Attributes } from './user-store.ts';

/** An attribute as the API carries it. */
export interface AttributeValue {
  readonly Name: string;
  readonly Value?: string | undefined;
}

/** Who writes: a user through a client, or an administrator. */
export type Writer = { readonly client: ClientSpec } | 'administrator';

/** Whether the user is being made, which is when immutable attributes are set, or changed. */
export type WriteMoment = 'create' | 'change';

const STANDARD = new Set([
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
]);
const VERIFIED_FLAGS = new Set(['email_verified', 'phone_number_verified']);
const VALUE_LENGTH_MAX = 2048;
const EMAIL = /^[^\s@<>"]+@[^\s@<>".]+(?:\.[^\s@<>".]+)*$/;

export function isEmail(text: string): boolean {
  return text.length <= 254 && EMAIL.test(text);
}

function assertWritable(pool: PoolSpec, writer: Writer, moment: WriteMoment, name: string): void {
  const custom = pool.customAttributes?.find((attribute) => attribute.name === name);
  if (name === 'sub' || (custom?.mutable === false && moment === 'change')) {
    throw invalidParameter(`Cannot modify the non-mutable attribute ${name}`);
  }
  const known = STANDARD.has(name) || VERIFIED_FLAGS.has(name) || custom !== undefined;
  if (!known) {
    throw invalidParameter(
      `Attributes did not conform to the schema: Type for attribute {${name}} could not be determined`,
    );
  }
  if (writer === 'administrator') return;
  const { writeAttributes } = writer.client;
  if (VERIFIED_FLAGS.has(name) || (writeAttributes !== undefined && !writeAttributes.includes(name))) {
    throw notAuthorized('A client attempted to write unauthorized attribute');
  }
}

/**
 * Checks attributes that someone wants to write and gives them as a record.
 * @throws {AwsError} `NotAuthorizedException` for one that the client may not write, `InvalidParameterException` for one
 *   that the pool does not have, that cannot change or that is malformed
 */
export function writtenAttributes(
  pool: PoolSpec,
  writer: Writer,
  moment: WriteMoment,
  values: readonly AttributeValue[] = [],
): Attributes {
  const written: Record<string, string> = {};
  for (const { Name: name, Value: value = '' } of values) {
    assertWritable(pool, writer, moment, name);
    if (value.length > VALUE_LENGTH_MAX)
      throw invalidParameter(`${name}: String must be no longer than 2048 characters`);
    if (name === 'email' && !isEmail(value)) throw invalidParameter('Invalid email address format.');
    if (VERIFIED_FLAGS.has(name) && value !== 'true' && value !== 'false') {
      throw invalidParameter(`${name} must be true or false`);
    }
    written[name] = value;
  }
  return written;
}

/** As the API lists them, `sub` first. */
export function attributeList(sub: string, attributes: Attributes): AttributeValue[] {
  return [{ Name: 'sub', Value: sub }, ...Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))];
}
