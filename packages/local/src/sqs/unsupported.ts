import { AwsError, type Operation } from '../aws/engine.ts';

/** Operations on a queue that AWS has and this engine has not. */
const ofQueue = new Set([
  'AddPermission',
  'CreateQueue',
  'DeleteQueue',
  'ListDeadLetterSourceQueues',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

/**
 * An operation that is not done here. Whoever may not do it is told so, as on AWS, and whoever may is told that it cannot be done.
 * @param body the parsed request, which names the queue by its address, ARN or name
 * @throws {AwsError} `UnsupportedOperation` for what AWS does not know either
 */
export function unsupported(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  name: string,
  body: unknown,
): Operation {
  const refusal = new AwsError(
    'UnsupportedOperation',
    `The local SQS does not do ${name || 'a request without a target'}.`,
  );
  if (!ofQueue.has(name)) throw refusal;
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const { QueueUrl, QueueName = '', SourceArn } = fields;
  const queue = String(QueueUrl ?? QueueName)
    .split('/')
    .at(-1);
  const resource = typeof SourceArn === 'string' ? SourceArn : `arn:aws:sqs:${region}:${accountId}:${queue}`;
  return { name, requires: [{ action: `sqs:${name}`, resource }], run: () => Promise.reject(refusal) };
}
