import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What SQS gives at once. */
const AT_ONCE = 10;
const BODY_CHARS_MAX = 500;
/** Long enough to send a letter on and take it away. */
const HELD_SECONDS = 60;

/** How many messages a queue has, as far as SQS knows. */
export async function countMessages(sqs: SQSClient, QueueUrl: string) {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

const receive = async (sqs: SQSClient, QueueUrl: string, VisibilityTimeout: number): Promise<readonly Message[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: AT_ONCE,
      WaitTimeSeconds: 0,
      VisibilityTimeout,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages;
};

/** Looks at the first letters and leaves them where they are. */
export async function peekLetters(sqs: SQSClient, url: string) {
  const letters = (await receive(sqs, url, 0)).map(({ MessageId = '', Body = '', Attributes = {} }) => ({
    id: MessageId,
    sentAt: new Date(Number(Attributes.SentTimestamp ?? 0)).toISOString(),
    body: Body.slice(0, BODY_CHARS_MAX),
  }));
  return letters.toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : 1));
}

/**
 * Sends letters back to the queue that they came from. Each is taken away once it is there, so that none is lost; one whose taking away failed
 * comes twice, as any message of SQS may.
 * @returns how many were moved
 */
export async function moveLetters(sqs: SQSClient, from: string, to: string, max: number): Promise<number> {
  let moved = 0;
  while (moved < max) {
    const letters = await receive(sqs, from, HELD_SECONDS);
    if (letters.length === 0) break;
    for (const { Body, ReceiptHandle } of letters) {
      await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
      moved += 1;
    }
  }
  return moved;
}
