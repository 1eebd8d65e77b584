import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { until } from '@tenantry/local/demo/journey';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

const asRoot = () => ({
  endpoint: test.cloud.urls.aws,
  region: 'us-east-1',
  credentials: test.cloud.rootCredentials,
});

/** The delays between ten attempts add up to minutes; how often a batch is tried is not what is tested here. */
async function tryOnlyOnce(): Promise<void> {
  const lambda = new LambdaClient(asRoot());
  const { EventSourceMappings: mappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: archiveFunction() }),
  );
  expect(mappings).toHaveLength(1);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappings[0]?.UUID, MaximumRetryAttempts: 0 }));
}

const archiveFunction = (): string =>
  test.cloud.graph.functions.find(({ handler }) => handler.includes('event-archive'))?.name ?? '';

async function nextDeadLetter(): Promise<string> {
  const sqs = new SQSClient(asRoot());
  const queue = resourcesOfType(test.cloud.graph, 'aws:sqs/queue:Queue').find(({ name }) =>
    name.startsWith('EventArchiveDeadLetters'),
  );
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue?.arn?.split(':').at(-1) }));
  return until('the dead letter', async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    return Messages[0]?.Body;
  });
}

it('gives up a batch that the archive cannot take to the dead letters, and archives what comes after it', async () => {
  const { person } = await test.founder('standard');
  await tryOnlyOnce();
  await rootClient(test.cloud).send(
    new PutCommand({ TableName: tableName(test.cloud, 'Events'), Item: { pk: 'nobody#shopper', sk: 'evt_1' } }),
  );
  expect(JSON.parse(await nextDeadLetter())).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', functionArn: expect.stringContaining(archiveFunction()) },
    DDBStreamBatchInfo: { batchSize: 1 },
  });

  const bearer = await person.createKey('secret');
  await person.api('collectEvents', {
    bearer,
    body: { events: [{ shopperId: 'shopper', itemId: 'item', type: 'view' }] },
  });
  const { archivedEvents } = await until('the archive', async () => {
    const activity = await person.api('getActivity', { bearer: person.accessToken });
    return activity.archivedEvents > 0 ? activity : undefined;
  });
  expect(archivedEvents).toBe(1);
});
