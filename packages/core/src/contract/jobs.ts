import * as z from 'zod';
import { jobStates } from '../jobs/heartbeat-state.ts';
import { jobNames } from '../jobs/jobs.ts';
import { queueNames } from '../queue/queues.ts';
import { machineNames } from '../state-machine/machines.ts';
import { reasonSchema } from './operator.ts';
import type { Route } from './route.ts';
import { tenantIdSchema, timeSchema } from './schemas.ts';

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

const jobSchema = z.object({
  name: z.enum(jobNames),
  schedule: z.string(),
  state: z.enum(jobStates),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  succeededAt: timeSchema.nullable(),
  /** Why the newest run failed. */
  problem: z.string().nullable(),
  /** When it is to begin again; null before its first run. */
  nextAt: timeSchema.nullable(),
  /** It should have begun again long ago. */
  late: z.boolean(),
});

const countSchema = z.object({
  /** Messages that wait, that are being worked on, and that come later. */
  waiting: z.int(),
  inFlight: z.int(),
  delayed: z.int(),
});

const letterSchema = z.object({
  id: z.string(),
  sentAt: timeSchema,
  /** The beginning of what it says. */
  body: z.string(),
});

const entrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  actor: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const jobRoutes = {
  listStaffLog: {
    id: 'listStaffLog',
    method: 'GET',
    path: '/v1/operator/log',
    function: 'jobs',
    access,
    summary: 'What staff did last to the stage, and to no company in particular',
    response: { status: 200, schema: z.object({ entries: z.array(entrySchema) }) },
    errors,
    cost: 'light',
  },
  listJobs: {
    id: 'listJobs',
    method: 'GET',
    path: '/v1/operator/jobs',
    function: 'jobs',
    access,
    summary: 'What runs by the clock: when each job last ran, how that ended, and when it is due again',
    response: { status: 200, schema: z.object({ jobs: z.array(jobSchema) }) },
    errors,
    cost: 'light',
  },
  listQueues: {
    id: 'listQueues',
    method: 'GET',
    path: '/v1/operator/queues',
    function: 'jobs',
    access,
    summary: 'The queues, and what nobody could take: how much, since when, and the first letters',
    response: {
      status: 200,
      schema: z.object({
        queues: z.array(
          z.object({
            name: z.enum(queueNames),
            /** Null for what is read from a stream, which has no queue. */
            messages: countSchema.nullable(),
            deadLetters: countSchema,
            /** Up to ten; a letter that somebody looks at is not among them. */
            letters: z.array(letterSchema),
          }),
        ),
      }),
    },
    errors,
    cost: 'light',
  },
  redriveQueue: {
    id: 'redriveQueue',
    method: 'POST',
    path: '/v1/operator/queues/{queue}/redrive',
    function: 'jobs',
    access,
    summary: 'Give dead letters back to whoever could not take them; at most a hundred, sent again for more',
    params: z.object({ queue: z.enum(queueNames) }),
    body: z.strictObject({ reason: reasonSchema }),
    bodyBytesMax: 4096,
    /** Null where a job does it, which says how many in its log. */
    response: { status: 202, schema: z.object({ moved: z.int().nullable() }) },
    errors: [...errors, 'unavailable'],
    cost: 'heavy',
    example: { request: { reason: 'Stripe answers again' } },
  },
  listFailures: {
    id: 'listFailures',
    method: 'GET',
    path: '/v1/operator/failures',
    function: 'jobs',
    access,
    summary: 'Executions of state machines that failed in the last days, the newest first',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(30).default(7) }),
    response: {
      status: 200,
      schema: z.object({
        failures: z.array(
          z.object({
            machine: z.enum(machineNames),
            name: z.string(),
            /** Null for what is not about one company. */
            tenantId: tenantIdSchema.nullable(),
            status: z.string(),
            startedAt: timeSchema,
            endedAt: timeSchema.nullable(),
            /** The execution in AWS's console; null on a laptop. */
            pageUrl: z.string().nullable(),
          }),
        ),
        /** Whether there were more than are shown. */
        more: z.boolean(),
      }),
    },
    errors,
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
