import { AwsError, type IamRequirement } from '../aws/engine.ts';
import { tagKeys } from '../iam/context.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { Role } from '../iam/role.ts';
import { type Query, validationError } from './query.ts';
import { readTags, type SessionTags } from './session-tags.ts';

/** A checked request for a session of a role. */
export interface AssumeRoleInput extends SessionTags {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds?: number | undefined;
  readonly externalId?: string | undefined;
  readonly sourceIdentity?: string | undefined;
  /** JSON of a policy that was parsed. */
  readonly policy?: string | undefined;
}

const POLICY_LENGTH_MAX = 2048;
const DURATION_MIN = 900;
const DURATION_MAX = 43_200;
const NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/[!-~]{1,1990}$/;

/** @throws {AwsError} `ValidationError`, `MalformedPolicyDocument`, `InvalidParameterValue` */
export function readAssumeRole(query: Query): AssumeRoleInput {
  query.allowOnly([
    'RoleArn',
    'RoleSessionName',
    'DurationSeconds',
    'ExternalId',
    'SourceIdentity',
    'Policy',
    'Tags.member.*',
    'TransitiveTagKeys.member.*',
  ]);
  const sourceIdentity = query.optional('SourceIdentity');
  const externalId = query.optional('ExternalId');
  return {
    roleArn: check(query.required('RoleArn'), 'roleArn', ROLE_ARN),
    sessionName: checkSessionName(query.required('RoleSessionName')),
    durationSeconds: readDuration(query.optional('DurationSeconds')),
    externalId: externalId === undefined ? undefined : check(externalId, 'externalId', EXTERNAL_ID),
    sourceIdentity: sourceIdentity === undefined ? undefined : check(sourceIdentity, 'sourceIdentity', NAME),
    policy: readPolicy(query.optional('Policy')),
    ...readTags(query),
  };
}

/** @throws {AwsError} unless it is a name that STS takes for a session. */
export function checkSessionName(value: string): string {
  return check(value, 'roleSessionName', NAME);
}

/** Besides `sts:AssumeRole`, tags and a source identity each need a permission of their own. */
export function requirementsOf(input: AssumeRoleInput, role: Role | undefined): readonly IamRequirement[] {
  const context = requestKeys(input, role);
  return [
    'sts:AssumeRole',
    ...(Object.keys(input.tags).length > 0 ? ['sts:TagSession'] : []),
    ...(input.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ].map((action) => ({ action, resource: input.roleArn, context }));
}

/** What the request says, as condition keys; policies of the caller and the role's trust see the same. */
function requestKeys(input: AssumeRoleInput, role: Role | undefined): Record<string, readonly string[]> {
  const names = Object.keys(input.tags);
  const single = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: [value] });
  return {
    ...tagKeys('aws:RequestTag', input.tags),
    ...(names.length > 0 ? { 'aws:TagKeys': names } : {}),
    ...(input.transitiveTagKeys.length > 0 ? { 'sts:TransitiveTagKeys': input.transitiveTagKeys } : {}),
    ...single('sts:RoleSessionName', input.sessionName),
    ...single('sts:ExternalId', input.externalId),
    ...single('sts:SourceIdentity', input.sourceIdentity),
    ...tagKeys('aws:ResourceTag', role?.tags ?? {}),
    ...tagKeys('iam:ResourceTag', role?.tags ?? {}),
  };
}

function readDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= DURATION_MIN && seconds <= DURATION_MAX)) {
    throw constraint('durationSeconds', `a number from ${DURATION_MIN} to ${DURATION_MAX}`);
  }
  return seconds;
}

function readPolicy(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.length > POLICY_LENGTH_MAX) throw constraint('policy', `at most ${POLICY_LENGTH_MAX} characters`);
  try {
    parsePolicy(text, 'session');
  } catch (error) {
    throw new AwsError('MalformedPolicyDocument', error instanceof Error ? error.message : 'The policy is malformed.');
  }
  return text;
}

function check(value: string, field: string, pattern: RegExp): string {
  if (!pattern.test(value)) throw constraint(field, `the pattern ${pattern.source}`);
  return value;
}

function constraint(field: string, expected: string): AwsError {
  return validationError(
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must satisfy ${expected}`,
  );
}
