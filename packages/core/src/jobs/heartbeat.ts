import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import type { JobState } from './heartbeat-state.ts';
import { type JobName, jobNames, jobs, lateAfterSeconds, runIsOver } from './jobs.ts';

const PROBLEM_CHARS_MAX = 300;

const rowSchema = z.object({
  sk: z.enum(jobNames),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  problem: z.string().optional(),
  succeededAt: z.iso.datetime().optional(),
});

/** Says that a run of a job begins. */
export async function beginRun(control: Table, name: JobName, at: Date): Promise<void> {
  await control.client.send(
    new UpdateCommand({
      TableName: control.name,
      Key: controlKeys.job(name),
      UpdateExpression: 'SET startedAt = :at REMOVE endedAt, problem',
      ExpressionAttributeValues: { ':at': at.toISOString() },
    }),
  );
}

/**
 * Says how a run ended; when another has begun meanwhile, that one's end counts.
 * @param run.problem why it failed; absent when it did not
 */
export async function endRun(
  control: Table,
  name: JobName,
  { startedAt, at, problem }: { readonly startedAt: Date; readonly at: Date; readonly problem?: string | undefined },
): Promise<void> {
  const failed = problem !== undefined;
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.job(name),
        UpdateExpression: `SET endedAt = :at, ${failed ? 'problem = :problem' : 'succeededAt = :at'}`,
        ConditionExpression: 'startedAt = :startedAt',
        ExpressionAttributeValues: {
          ':at': at.toISOString(),
          ':startedAt': startedAt.toISOString(),
          ...(failed ? { ':problem': problem.slice(0, PROBLEM_CHARS_MAX) } : {}),
        },
      }),
    ),
  );
}

type Row = z.infer<typeof rowSchema>;

function stateOf(row: Row | undefined, now: Date): JobState {
  if (!row) return 'never';
  if (!row.endedAt) return runIsOver(new Date(row.startedAt), now) ? 'broken' : 'running';
  return row.problem === undefined ? 'succeeded' : 'failed';
}

/** Where a job stands, from what it said of itself. */
export function jobView(name: JobName, row: Row | undefined, now: Date) {
  const after = (seconds: number): Date | null => (row ? new Date(Date.parse(row.startedAt) + seconds * 1000) : null);
  const lateAt = after(lateAfterSeconds(name));
  return {
    name,
    schedule: jobs[name].schedule,
    state: stateOf(row, now),
    startedAt: row?.startedAt ?? null,
    endedAt: row?.endedAt ?? null,
    succeededAt: row?.succeededAt ?? null,
    problem: row?.problem ?? null,
    nextAt: after(jobs[name].everySeconds)?.toISOString() ?? null,
    /** It should have begun again long ago. */
    late: lateAt !== null && lateAt < now,
  };
}

/** Every job of the table, with its newest run. */
export async function readJobs(control: Table, now: Date) {
  const rows = z.array(rowSchema).parse(await queryAll(control, controlKeys.job('finance').pk));
  const found = new Map(rows.map((row) => [row.sk, row]));
  return jobNames.map((name) => jobView(name, found.get(name), now));
}
