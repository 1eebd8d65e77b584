import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { appendStageAudit, listStageAudit } from '@tenantry/core/audit/stage-audit';
import { readJobs } from '@tenantry/core/jobs/heartbeat';
import { isRefillable, lettersVariable, type QueueName, queueNames, queueVariable } from '@tenantry/core/queue/queues';
import { machineNames, type StateMachineName } from '@tenantry/core/state-machine/machines';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { countMessages, moveLetters, peekLetters } from '../queues/dead-letters.ts';
import { failuresOf } from '../queues/failures.ts';
import { ownTables } from '../scoped/own-tables.ts';

const fromJson = z.string().transform((text): unknown => JSON.parse(text));
const environment = readEnvironment({
  STAGE: required,
  MACHINES: fromJson.pipe(z.record(z.enum(machineNames), z.string())),
  REDRIVE_FUNCTION: required,
});
const urls: Readonly<Record<string, string>> = readEnvironment(
  Object.fromEntries([
    ...queueNames.map((name) => [lettersVariable(name), required] as const),
    ...queueNames.filter(isRefillable).map((name) => [queueVariable(name), required] as const),
  ]),
);
const lettersOf = (name: QueueName): string => urls[lettersVariable(name)] ?? '';
/** Where the dead letters of a queue go back to; undefined where a job brings them back. */
const queueOf = (name: QueueName): string | undefined => (isRefillable(name) ? urls[queueVariable(name)] : undefined);
const { Control: control, Audit: audit } = ownTables('api/jobs');
const sqs = new SQSClient({});
const sfn = new SFNClient({});
const lambda = new LambdaClient({});

const LETTERS_A_REQUEST = 100;
const LOG_ENTRIES = 50;
const DAY_MS = 86_400_000;

async function queueView(name: QueueName) {
  const [lettersUrl, url] = [lettersOf(name), queueOf(name)];
  const [messages, deadLetters] = await Promise.all([
    url ? countMessages(sqs, url) : null,
    countMessages(sqs, lettersUrl),
  ]);
  return { name, messages, deadLetters, letters: deadLetters.waiting > 0 ? await peekLetters(sqs, lettersUrl) : [] };
}

export const handler = createApi('jobs', undefined, {
  listStaffLog: async () => ({ entries: await listStageAudit(audit, LOG_ENTRIES) }),
  listJobs: async ({ now }) => ({ jobs: await readJobs(control, now) }),
  listQueues: async () => ({ queues: await Promise.all(queueNames.map(queueView)) }),
  redriveQueue: async ({ params: { queue }, body: { reason }, actor, now }) => {
    const url = queueOf(queue);
    // Before the letters: what staff wanted stands in the log also where only some of it was done.
    await appendStageAudit(audit, { actor, action: 'queue.redriven', details: { queue, reason }, at: now });
    if (url) return { moved: await moveLetters(sqs, lettersOf(queue), url, LETTERS_A_REQUEST) };
    await lambda.send(new InvokeCommand({ FunctionName: environment.REDRIVE_FUNCTION, InvocationType: 'Event' }));
    return { moved: null };
  },
  listFailures: async ({ query: { days }, now }) => {
    const options = { since: new Date(now.getTime() - days * DAY_MS), onAws: environment.STAGE !== 'local' };
    const machines = Object.entries(environment.MACHINES) as [StateMachineName, string][];
    const found = await Promise.all(machines.map((machine) => failuresOf(sfn, machine, options)));
    return {
      failures: found.flatMap(({ failures }) => failures).toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
      more: found.some(({ more }) => more),
    };
  },
});
