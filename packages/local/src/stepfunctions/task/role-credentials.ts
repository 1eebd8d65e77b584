import { type AssumeRoleForService, AwsError, type TemporaryCredentials } from '../../aws/engine.ts';
import type { ExecutionFacts } from '../execution/journal.ts';
import { TaskError } from './task-error.ts';

const RENEW_BEFORE_MS = 5 * 60_000;
const SESSION_NAME_LENGTH_MAX = 64;

export type MachineCredentials = (
  facts: Pick<ExecutionFacts, 'roleArn' | 'machineName'>,
) => Promise<TemporaryCredentials>;

/**
 * Credentials of machines' roles, shared until five minutes before they expire. The session is named after the machine.
 * Calls reject with a {@link TaskError} `States.Permissions` when the role does not trust Step Functions.
 */
export function createRoleCredentials(assume: AssumeRoleForService, now: () => number): MachineCredentials {
  const cache = new Map<string, Promise<TemporaryCredentials>>();
  return async ({ roleArn, machineName }) => {
    const key = `${roleArn} ${machineName}`;
    const cached = await cache.get(key)?.catch(() => undefined);
    if (cached !== undefined && cached.expiration.getTime() - RENEW_BEFORE_MS > now()) return cached;
    const sessionName = machineName.replace(/[^\w+=,.@-]/g, '-').slice(0, SESSION_NAME_LENGTH_MAX);
    const fresh = assume({ roleArn, servicePrincipal: 'states.amazonaws.com', sessionName });
    cache.set(key, fresh);
    try {
      return await fresh;
    } catch (error) {
      cache.delete(key);
      if (!(error instanceof AwsError)) throw error;
      throw new TaskError('States.Permissions', `The role ${roleArn} cannot be assumed: ${error.message}`);
    }
  };
}
