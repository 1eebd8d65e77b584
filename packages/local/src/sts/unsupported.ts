import { AwsError, LOCAL_ACCOUNT_ID, type Operation } from '../aws/engine.ts';
import { requirePrincipal } from '../iam/principal.ts';
import { type Query, unknownAction } from './query.ts';

/** Operations of STS that are not done here, by what their permission is on. */
const resources: Readonly<Record<string, (query: Query) => string>> = {
  AssumeRoot: (query) => `arn:aws:iam::${query.optional('TargetPrincipal') ?? LOCAL_ACCOUNT_ID}:root`,
  DecodeAuthorizationMessage: () => '*',
  GetAccessKeyInfo: () => '*',
  GetFederationToken: (query) => `arn:aws:sts::${LOCAL_ACCOUNT_ID}:federated-user/${query.optional('Name') ?? ''}`,
};

/** Long-term credentials only: a session cannot make itself a longer one, whatever its policies say. */
const withoutSession = new Set(['GetFederationToken', 'GetSessionToken']);

/**
 * An operation that AWS has and this machine has not. Whoever may not do it is told so, as on AWS, and whoever may is told that it cannot
 * be done here.
 * @throws {AwsError} `InvalidAction` for what AWS does not know either
 */
export function unsupported(query: Query): Operation {
  const { action } = query;
  const resource = Object.hasOwn(resources, action) ? resources[action]?.(query) : undefined;
  if (resource === undefined && !withoutSession.has(action)) throw unknownAction(action);
  return {
    name: action,
    requires: resource === undefined ? [] : [{ action: `sts:${action}`, resource }],
    async run(caller) {
      if (withoutSession.has(action) && requirePrincipal(caller).kind === 'session') {
        throw new AwsError('AccessDenied', `Cannot call ${action} with session credentials`, 403);
      }
      throw unknownAction(action);
    },
  };
}
