import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import * as z from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import { isTransient, messageOf, RetryableError } from './retryable.ts';

/** What every task about one change of a tenant is given. */
export const changeInput = {
  tenantId: z.custom<TenantId>(isTenantId),
  /** `chg_<ulid>`; the task does nothing for a change that a newer one has replaced. */
  changeId: z.string(),
} as const;

/** What a state machine says of the error that it caught. */
export const failureInput = z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() });

/** Makes a task of a state machine: reads its input, names the tenant in the log, and turns errors that pass into retries. */
export function tenantTask<S extends z.ZodType<{ readonly tenantId: TenantId }>>(
  name: string,
  schema: S,
  work: (input: z.output<S>, requestId: string) => Promise<object>,
) {
  return (event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<object> =>
    withLogContext({ requestId: awsRequestId }, async () => {
      const input = schema.parse(event);
      logTenant(input.tenantId);
      const action = (input as { readonly action?: string }).action;
      try {
        const outcome = await work(input, awsRequestId);
        log.info(name, { action, ...outcome });
        return outcome;
      } catch (error) {
        log.error(`${name} failed`, error, { action });
        throw isTransient(error) ? new RetryableError(reasonOf({ Cause: messageOf(error) }), { cause: error }) : error;
      }
    });
}
