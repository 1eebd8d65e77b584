import { z } from 'zod';

/** What messages wait in, and where those end up that nobody could take. */
export const queueNames = ['billing-events', 'event-archive', 'recommendation-meter', 'catalogue-snapshot'] as const;
export type QueueName = (typeof queueNames)[number];

const wayBack = z.discriminatedUnion('kind', [
  /** Dead letters go back to the queue that they came from. */
  z.object({ kind: z.literal('queue'), url: z.string() }),
  /** They name places in a stream, from which a job gives them to their consumer once more. */
  z.object({ kind: z.literal('job') }),
]);

/** Where a function finds the queues, as deployment tells it. */
export const queuesSchema = z.record(z.enum(queueNames), z.object({ lettersUrl: z.string(), back: wayBack }));
export type Queues = z.infer<typeof queuesSchema>;
