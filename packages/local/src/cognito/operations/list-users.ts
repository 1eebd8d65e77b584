import { invalidParameter } from '../errors.ts';
import { type User, userNameOf } from '../user-store.ts';

const SEARCHABLE = {
  username: userNameOf,
  sub: (user: User) => user.sub,
  email: (user: User) => user.attributes.email,
  phone_number: (user: User) => user.attributes.phone_number,
  name: (user: User) => user.attributes.name,
  given_name: (user: User) => user.attributes.given_name,
  family_name: (user: User) => user.attributes.family_name,
  preferred_username: (user: User) => user.attributes.preferred_username,
  'cognito:user_status': (user: User) => user.status,
  status: (user: User) => (user.enabled ? 'Enabled' : 'Disabled'),
} as const satisfies Record<string, (user: User) => string | undefined>;

/** Attributes that are compared without regard to case. */
const FOLDED = new Set(['email', 'status', 'cognito:user_status']);

function isSearchable(name: string): name is keyof typeof SEARCHABLE {
  return Object.hasOwn(SEARCHABLE, name);
}

/**
 * The test that a `ListUsers` filter stands for: `name = "value"` or `name ^= "prefix"`; every user when it is empty.
 * @throws {AwsError} `InvalidParameterException` for another form or an attribute that cannot be searched
 */
export function parseUserFilter(filter = ''): (user: User) => boolean {
  if (filter.trim() === '') return () => true;
  const match = /^\s*"?([\w:]+)"?\s*(=|\^=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter);
  const [, name = '', operator, quoted = ''] = match ?? [];
  if (match === null || !isSearchable(name)) throw invalidParameter('Error while parsing filter.');
  const fold = (text: string) => (FOLDED.has(name) ? text.toLowerCase() : text);
  const wanted = fold(quoted.replace(/\\(.)/g, '$1'));
  const read = SEARCHABLE[name];
  return (user) => {
    const value = read(user);
    if (value === undefined) return false;
    return operator === '=' ? fold(value) === wanted : fold(value).startsWith(wanted);
  };
}

/** The opaque token that goes on after a user. */
export function pageToken(sub: string): string {
  return Buffer.from(JSON.stringify({ after: sub })).toString('base64');
}

/** @throws {AwsError} `InvalidParameterException` for a token that was not given out */
export function parsePageToken(token: string | undefined): string {
  if (token === undefined) return '';
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    if (parsed !== null && typeof parsed === 'object' && 'after' in parsed && typeof parsed.after === 'string') {
      return parsed.after;
    }
  } catch {
    // Told below: a token that is no JSON is as wrong as one of another shape.
  }
  throw invalidParameter('Invalid pagination token given.');
}
