import type { Table } from '@tenantry/core/control/table';
import { beginRun, endRun } from '@tenantry/core/jobs/heartbeat';
import type { JobName } from '@tenantry/core/jobs/jobs';
import { log } from '../logging.ts';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)) || 'unknown';

/** A heart that does not beat must not stop the work. */
const tell = (name: JobName, said: Promise<void>): Promise<void> =>
  said.catch((error: unknown) => log.error('heartbeat not written', error, { job: name }));

/**
 * Lets a job say when it began and how it ended, so that a run that is missing is seen.
 * @param nameOf the job's name; made from the event where one function does several jobs
 */
export const asJob =
  <Event, Context, Result>(
    control: Table,
    nameOf: JobName | ((event: Event) => JobName),
    work: (event: Event, context: Context) => Promise<Result>,
  ) =>
  async (event: Event, context: Context): Promise<Result> => {
    const name = typeof nameOf === 'function' ? nameOf(event) : nameOf;
    const startedAt = new Date();
    await tell(name, beginRun(control, name, startedAt));
    try {
      const result = await work(event, context);
      await tell(name, endRun(control, name, { startedAt, at: new Date() }));
      return result;
    } catch (error) {
      await tell(name, endRun(control, name, { startedAt, at: new Date(), problem: reasonOf(error) }));
      throw error;
    }
  };
