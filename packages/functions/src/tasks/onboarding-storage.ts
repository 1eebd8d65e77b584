import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceConflictException,
} from '@aws-sdk/client-lambda';
import { siloEventsTable } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { readEnvironment, required } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask } from './onboarding-task.ts';

const environment = readEnvironment({
  STAGE: required,
  SILO_TABLE_PREFIX: required,
  EVENT_ARCHIVE_FUNCTION: required,
  EVENT_ARCHIVE_DLQ_ARN: required,
});
const scopeOf = createScope('tasks/onboarding-storage');
const dynamo = new DynamoDBClient({});
const lambda = new LambdaClient({});

async function describe(TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamo.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Creates the table, or adopts one that an earlier run created. */
async function createTable(TableName: string, tenantId: TenantId): Promise<void> {
  try {
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { Enabled: true },
        // As the program tags what it makes, and whose it is.
        Tags: [
          { Key: 'App', Value: 'tenantry' },
          { Key: 'Stage', Value: environment.STAGE },
          { Key: 'TenantId', Value: tenantId },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** Events expire as in the pool, and can be restored to any second. */
async function configure(TableName: string): Promise<void> {
  await dynamo
    .send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      }),
    )
    .catch((error: unknown) => {
      // What AWS says when it is enabled already.
      if (!(error instanceof Error && error.name === 'ValidationException' && /already enabled/i.test(error.message))) {
        throw error;
      }
    });
  await dynamo.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
}

/** Lets the archive function read the table's stream, once. */
async function archiveStream(streamArn: string): Promise<void> {
  const FunctionName = environment.EVENT_ARCHIVE_FUNCTION;
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: streamArn, FunctionName }),
  );
  if (EventSourceMappings.length > 0) return;
  await lambda
    .send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: streamArn,
        FunctionName,
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 500,
        MaximumBatchingWindowInSeconds: 1,
        MaximumRetryAttempts: 10,
        DestinationConfig: { OnFailure: { Destination: environment.EVENT_ARCHIVE_DLQ_ARN } },
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof ResourceConflictException)) throw error;
    });
}

/** The tenant's own events table, with expiry, backups and its way to the archive. */
export const handler = onboardingTask('storage', scopeOf, async ({ tenantId }) => {
  const name = siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId);
  let table = await describe(name);
  if (!table) {
    await createTable(name, tenantId);
    table = await describe(name);
  }
  if (table?.TableStatus !== 'ACTIVE' || !table.LatestStreamArn) {
    return { ready: false, reason: 'The table is being created' };
  }
  await configure(name);
  await archiveStream(table.LatestStreamArn);
  return { ready: true, table: name };
});
