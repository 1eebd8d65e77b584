import type { QueueName } from '@tenantry/core/queue/queues';
import type { StateMachineName } from '@tenantry/core/state-machine/machines';
import type { DeployedFunction, FunctionOptions } from './function.ts';
import { on } from './grants.ts';
import type { StreamConsumer } from './stream-consumer.ts';

/** What staff looks after beside the companies. */
export interface Watched {
  readonly machines: Readonly<Record<StateMachineName, aws.sfn.StateMachine>>;
  readonly billing: { readonly queue: sst.aws.Queue; readonly deadLetters: sst.aws.Queue };
  readonly consumers: Readonly<Record<Exclude<QueueName, 'billing-events'>, StreamConsumer>>;
  /** Brings back what the consumers gave up. */
  readonly redrive: DeployedFunction;
}

/** Looking at queues and executions, and giving dead letters back. Machines are listed, and none of their inputs is read. */
export function watching({
  machines,
  billing,
  consumers,
  redrive,
}: Watched): Pick<FunctionOptions, 'environment' | 'grants'> {
  const letters = [billing.deadLetters, ...Object.values(consumers).map(({ deadLetters }) => deadLetters)];
  return {
    environment: {
      QUEUES: $jsonStringify({
        'billing-events': {
          lettersUrl: billing.deadLetters.url,
          back: { kind: 'queue', url: billing.queue.url },
        },
        ...Object.fromEntries(
          Object.entries(consumers).map(([name, { deadLetters }]) => [
            name,
            { lettersUrl: deadLetters.url, back: { kind: 'job' } },
          ]),
        ),
      }),
      MACHINES: $jsonStringify(Object.fromEntries(Object.entries(machines).map(([name, { arn }]) => [name, arn]))),
      REDRIVE_FUNCTION: redrive.name,
    },
    grants: [
      on(['sqs:GetQueueAttributes'], billing.queue.arn, ...letters.map(({ arn }) => arn)),
      on(['sqs:ReceiveMessage'], ...letters.map(({ arn }) => arn)),
      on(['sqs:DeleteMessage'], billing.deadLetters.arn),
      on(['sqs:SendMessage'], billing.queue.arn),
      on(['lambda:InvokeFunction'], redrive.arn),
      on(['states:ListExecutions'], ...Object.values(machines).map(({ arn }) => arn)),
    ],
  };
}
