import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import {
  type AssumeRoleForService,
  AwsError,
  type Engine,
  type IamRequirement,
  LOCAL_ACCOUNT_ID,
} from '../aws/engine.ts';
import { createContext } from '../iam/context.ts';
import { denialMessage } from '../iam/denial.ts';
import { evaluateTrust } from '../iam/evaluate.ts';
import type { Iam, RequestKeys } from '../iam/iam.ts';
import { type Principal, principalKeys } from '../iam/principal.ts';
import type { Asker } from '../iam/principal-pattern.ts';
import type { Role } from '../iam/role.ts';
import { type AssumeRoleInput, checkSessionName, requirementsOf } from './assume-role.ts';
import { createCredentialsResolver, type ResolveCredentials } from './credentials.ts';
import { createStsEngine } from './engine.ts';
import { openAccountKeys } from './keys.ts';
import { validationError } from './query.ts';
import { type AssumedRole, createSessionIssuer } from './session-issuer.ts';
import { checkTags, inheritTags } from './session-tags.ts';

export interface Sts {
  /** `AssumeRole` and `GetCallerIdentity`. */
  readonly engine: Engine;
  readonly assumeRoleForService: AssumeRoleForService;
  /**
   * The static key of the account's root, for the developer's own tools. It may do everything on this machine, is the
   * same after every start, and is worth nothing anywhere else.
   */
  issueRootCredentials(): { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly resolveCredentials: ResolveCredentials;
}

const SESSION_SECONDS = 3600;
/** Every caller but root is itself a session of a role, so that each `AssumeRole` here is role chaining. */
const CHAINED_SECONDS_MAX = 3600;

/**
 * STS of this machine's account. Sessions live in their tokens alone, sealed with a key in `dir`, so that they survive a
 * restart; a session of a role that is no longer declared is not accepted.
 */
export function createSts(options: {
  readonly dir: string;
  readonly iam: Iam;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly randomBytes?: (size: number) => Buffer;
}): Sts {
  const { dir, iam, now = Date.now, randomBytes = cryptoRandomBytes } = options;
  const keys = openAccountKeys(dir);
  const issue = createSessionIssuer({ keys, now, randomBytes });

  const assumeRole = (caller: Principal, requested: AssumeRoleInput): AssumedRole => {
    if (caller.kind === 'root') throw accessDenied('Roles may not be assumed by root accounts.');
    const input = handOn(caller, requested);
    const role = iam.role(input.roleArn);
    if (!role) {
      throw accessDenied(denialMessage(caller, { action: 'sts:AssumeRole', resource: input.roleArn }, untrusted));
    }
    // The gateway has seen these; what the session hands on may need more.
    const asked = new Set(requirementsOf(requested, role).map(({ action }) => action));
    const asker: Asker = { ...caller, kind: 'identity' };
    for (const requirement of requirementsOf(input, role)) {
      if (!asked.has(requirement.action)) {
        const own = iam.authorize(caller, requirement, {});
        if (!own.allowed) throw accessDenied(denialMessage(caller, requirement, own));
      }
      if (!trusts(role, requirement, asker, principalKeys(caller))) {
        throw accessDenied(denialMessage(caller, requirement, untrusted));
      }
    }
    const seconds = input.durationSeconds ?? SESSION_SECONDS;
    if (seconds > CHAINED_SECONDS_MAX) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      );
    }
    return issue(role, input, seconds);
  };

  return {
    engine: createStsEngine({ iam, assumeRole }),
    issueRootCredentials: () => ({
      accessKeyId: keys.rootAccessKeyId,
      secretAccessKey: keys.secretOf(keys.rootAccessKeyId),
    }),
    resolveCredentials: createCredentialsResolver({ keys, iam, now }),
    async assumeRoleForService({ roleArn, servicePrincipal, sessionName, tags = {} }) {
      // Services hand their tags on: EKS Pod Identity marks all of its own as transitive.
      const checked = checkTags(Object.entries(tags), Object.keys(tags));
      const input = { roleArn, sessionName: checkSessionName(sessionName), ...checked };
      const role = iam.role(roleArn);
      const asker: Asker = { kind: 'service', service: servicePrincipal };
      const trusted =
        role &&
        requirementsOf(input, role).every((requirement) =>
          trusts(role, requirement, asker, serviceKeys(servicePrincipal)),
        );
      if (!trusted) {
        throw accessDenied(
          `${servicePrincipal} is not authorized to assume ${roleArn}: the role's trust policy does not allow it.`,
        );
      }
      return issue(role, input, SESSION_SECONDS).credentials;
    },
  };
}

/** What a session passes to the next one: its transitive tags and, for good, its source identity. */
function handOn(caller: Principal, requested: AssumeRoleInput): AssumeRoleInput {
  const { sourceIdentity } = caller;
  if (sourceIdentity !== undefined && (requested.sourceIdentity ?? sourceIdentity) !== sourceIdentity) {
    throw accessDenied('The source identity of a session cannot be changed.');
  }
  return {
    ...requested,
    ...inheritTags(requested, caller),
    sourceIdentity: sourceIdentity ?? requested.sourceIdentity,
  };
}

function trusts(role: Role, requirement: IamRequirement, asker: Asker, keys: RequestKeys): boolean {
  const context = createContext(requirement.context ?? {}, keys);
  return evaluateTrust(role.trust, { action: requirement.action, asker, context }).allowed;
}

const untrusted = { allowed: false, explicit: false, source: 'trust' } as const;

const serviceKeys = (service: string): RequestKeys => ({
  'aws:PrincipalIsAWSService': 'true',
  'aws:PrincipalServiceName': service,
  'aws:SourceAccount': LOCAL_ACCOUNT_ID,
});

function accessDenied(message: string): AwsError {
  return new AwsError('AccessDenied', message, 403);
}
