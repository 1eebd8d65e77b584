import { lettersVariable, type QueueName, queueVariable, type RefillableQueue } from '@tenantry/core/queue/queues';
import type { StateMachineName } from '@tenantry/core/state-machine/machines';
import type { DeployedFunction, FunctionOptions } from './function.ts';
import { on } from './grants.ts';

/** What staff looks after beside the companies. */
export interface Watched {
  readonly machines: Readonly<Record<StateMachineName, aws.sfn.StateMachine>>;
  /** Where messages end up that nobody could take. */
  readonly deadLetters: Readonly<Record<QueueName, sst.aws.Queue>>;
  /** Queues to which they can go back. */
  readonly queues: Readonly<Record<RefillableQueue, sst.aws.Queue>>;
  /** Brings back what consumers of streams gave up. */
  readonly redrive: DeployedFunction;
}

const entries = <Name extends string, Value>(record: Readonly<Record<Name, Value>>) =>
  Object.entries(record) as [Name, Value][];

/** Looking at queues and executions, and giving dead letters back. Machines are listed, and none of their inputs is read. */
export function watching({
  machines,
  deadLetters,
  queues,
  redrive,
}: Watched): Pick<FunctionOptions, 'environment' | 'grants'> {
  const letters = Object.values(deadLetters);
  const waiting = Object.values(queues);
  return {
    environment: {
      ...Object.fromEntries(entries(deadLetters).map(([name, { url }]) => [lettersVariable(name), url])),
      ...Object.fromEntries(entries(queues).map(([name, { url }]) => [queueVariable(name), url])),
      MACHINES: $jsonStringify(Object.fromEntries(entries(machines).map(([name, { arn }]) => [name, arn]))),
      REDRIVE_FUNCTION: redrive.name,
    },
    grants: [
      on(['sqs:GetQueueAttributes'], ...[...waiting, ...letters].map(({ arn }) => arn)),
      on(['sqs:ReceiveMessage'], ...letters.map(({ arn }) => arn)),
      on(['sqs:DeleteMessage'], ...entries(queues).map(([name]) => deadLetters[name].arn)),
      on(['sqs:SendMessage'], ...waiting.map(({ arn }) => arn)),
      on(['lambda:InvokeFunction'], redrive.arn),
      on(['states:ListExecutions'], ...Object.values(machines).map(({ arn }) => arn)),
    ],
  };
}
