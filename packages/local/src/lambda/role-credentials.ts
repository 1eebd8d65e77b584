import type { AssumeRoleForService, TemporaryCredentials } from '../aws/engine.ts';
import { AwsError } from '../aws/engine.ts';
import type { FunctionSpec } from './function-spec.ts';

const RENEW_BEFORE_MS = 5 * 60_000;

export type RoleCredentials = (spec: Pick<FunctionSpec, 'name' | 'roleArn'>) => Promise<TemporaryCredentials>;

/**
 * Credentials of functions' execution roles, assumed as Lambda with the function's name as session name, and shared
 * until five minutes before they expire.
 */
export function createRoleCredentials(assume: AssumeRoleForService, now: () => number): RoleCredentials {
  const cache = new Map<string, Promise<TemporaryCredentials>>();
  return async ({ name, roleArn }) => {
    const key = `${roleArn} ${name}`;
    const cached = await cache.get(key)?.catch(() => undefined);
    if (cached !== undefined && cached.expiration.getTime() - RENEW_BEFORE_MS > now()) return cached;
    const fresh = assume({ roleArn, servicePrincipal: 'lambda.amazonaws.com', sessionName: name.slice(0, 64) });
    cache.set(key, fresh);
    try {
      return await fresh;
    } catch (error) {
      cache.delete(key);
      if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
        { Type: 'User' },
      );
    }
  };
}
