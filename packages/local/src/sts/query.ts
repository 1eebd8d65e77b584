import { AwsError, type AwsRequest } from '../aws/engine.ts';

const VERSION = '2011-06-15';

/** Parameters of a call in AWS's query protocol: of the body of a POST, of the URL of a GET. */
export interface Query {
  readonly action: string;
  /** `Tags.member.*` names a family. @throws {AwsError} for parameters other than these. */
  allowOnly(names: readonly string[]): void;
  optional(name: string): string | undefined;
  /** @throws {AwsError} `ValidationError` when it is missing. */
  required(name: string): string;
  /** `Tags.member.1.Key`, `Tags.member.1.Value`, … as a list of records. */
  records(name: string): readonly Readonly<Record<string, string>>[];
  /** `TransitiveTagKeys.member.1`, … */
  list(name: string): readonly string[];
}

const MEMBERS_MAX = 100;
const ABOUT_THE_CALL = new Set(['Action', 'Version']);

/** @throws {AwsError} when there is no action, or a parameter comes twice. */
export function readQuery(request: AwsRequest): Query {
  const source = request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString('utf8'));
  const parameters = new Map<string, string>();
  for (const [name, value] of source) {
    if (parameters.has(name)) throw validationError(`The parameter ${name} is given more than once.`);
    parameters.set(name, value);
  }
  const action = parameters.get('Action');
  if (action === undefined) throw new AwsError('MissingAction', 'The request has no action.');
  const version = parameters.get('Version');
  if (version !== VERSION) throw unknownAction(action, version);
  return {
    action,
    allowOnly(names) {
      const unknown = [...parameters.keys()].find(
        (name) => !ABOUT_THE_CALL.has(name) && !names.some((known) => covers(known, name)),
      );
      if (unknown !== undefined) throw validationError(`The parameter ${unknown} is not supported.`);
    },
    optional: (name) => parameters.get(name),
    required(name) {
      const value = parameters.get(name);
      if (value === undefined) throw validationError(`The parameter ${name} is required.`);
      return value;
    },
    records: (name) => members(parameters, name).map((entries) => Object.fromEntries(entries)),
    list: (name) => members(parameters, name).flatMap((entries) => entries.map(([, value]) => value)),
  };
}

export function unknownAction(action: string, version: string | undefined = VERSION): AwsError {
  return new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function covers(known: string, name: string): boolean {
  return known.endsWith('.*') ? name.startsWith(known.slice(0, -1)) : known === name;
}

/** Members in the order of their numbers, which must run from 1. */
function members(parameters: ReadonlyMap<string, string>, name: string): [string, string][][] {
  const found: [string, string][][] = [];
  const prefix = `${name}.member.`;
  for (const [key, value] of parameters) {
    if (!key.startsWith(prefix)) continue;
    const match = /^([1-9]\d{0,2})(?:\.([A-Za-z]+))?$/.exec(key.slice(prefix.length));
    if (!match || Number(match[1]) > MEMBERS_MAX) throw validationError(`The parameter ${key} is malformed.`);
    const index = Number(match[1]) - 1;
    found[index] = [...(found[index] ?? []), [match[2] ?? '', value]];
  }
  if (Object.keys(found).length !== found.length) {
    throw validationError(`The members of ${name} are not numbered from 1.`);
  }
  return found;
}
