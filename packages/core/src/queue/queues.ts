/** What messages wait in, and what becomes of those that nobody could take. */
export interface Queue {
  /**
   * How dead letters go back: to the `queue` that they came from; or by the `job` that gives what they name in a stream to its consumer once
   * more.
   */
  readonly back: 'queue' | 'job';
}

/** Every queue by its name. */
export const queues = {
  'billing-events': { back: 'queue' },
  'webhook-deliveries': { back: 'queue' },
  'event-archive': { back: 'job' },
  'recommendation-meter': { back: 'job' },
  'catalogue-snapshot': { back: 'job' },
  'audit-chain': { back: 'job' },
  'webhook-events': { back: 'job' },
} as const satisfies Record<string, Queue>;

export type QueueName = keyof typeof queues;
export const queueNames = Object.keys(queues) as [QueueName, ...QueueName[]];

/** Queues that dead letters go back to. */
export type RefillableQueue = { [Q in QueueName]: (typeof queues)[Q]['back'] extends 'queue' ? Q : never }[QueueName];
export const isRefillable = (name: QueueName): name is RefillableQueue => queues[name].back === 'queue';

const variable = (name: QueueName, what: string): string => `${name.toUpperCase().replaceAll('-', '_')}_${what}_URL`;

/** The variables that tell a function where a queue and its dead letters are. */
export const lettersVariable = (name: QueueName): string => variable(name, 'LETTERS_QUEUE');
export const queueVariable = (name: RefillableQueue): string => variable(name, 'QUEUE');
