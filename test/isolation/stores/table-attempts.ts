import {
  BatchExecuteStatementCommand,
  CreateBackupCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  ExportTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Caller } from './caller.ts';
import type { IndexCase, Key } from './store-cases.ts';

/** A call on a table that no key limits to one tenant: never allowed. */
export type TableAttempt = (caller: Caller, TableName: string, own: Key, foreign: Key) => Promise<unknown>;

const tableArn = (TableName: string): string => `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
const statement = ({ dynamodb }: Caller, Statement: string) =>
  dynamodb.send(new ExecuteStatementCommand({ Statement }));

export const tableAttempts: Readonly<Record<string, TableAttempt>> = {
  Scan: ({ document }, TableName) => document.send(new ScanCommand({ TableName })),
  'Scan with a filter on the own key': ({ document }, TableName, { pk }) =>
    document.send(
      new ScanCommand({ TableName, FilterExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    ),
  'Scan from the own key on': ({ document }, TableName, own) =>
    document.send(new ScanCommand({ TableName, ExclusiveStartKey: { ...own }, Limit: 1 })),
  'parallel Scan': ({ document }, TableName) =>
    document.send(new ScanCommand({ TableName, Segment: 0, TotalSegments: 4 })),
  'PartiQL select of all': (caller, TableName) => statement(caller, `SELECT * FROM "${TableName}"`),
  'PartiQL select of the own key': (caller, TableName, { pk }) =>
    statement(caller, `SELECT * FROM "${TableName}" WHERE pk='${pk}'`),
  'PartiQL select of a foreign key': (caller, TableName, _, { pk }) =>
    statement(caller, `SELECT * FROM "${TableName}" WHERE pk='${pk}'`),
  'PartiQL update of a foreign row': (caller, TableName, _, { pk, sk }) =>
    statement(caller, `UPDATE "${TableName}" SET a=1 WHERE pk='${pk}' AND sk='${sk}'`),
  'PartiQL delete of a foreign row': (caller, TableName, _, { pk, sk }) =>
    statement(caller, `DELETE FROM "${TableName}" WHERE pk='${pk}' AND sk='${sk}'`),
  'PartiQL batch': ({ dynamodb }, TableName, own, foreign) =>
    dynamodb.send(
      new BatchExecuteStatementCommand({
        Statements: [own, foreign].map(({ pk, sk }) => ({
          Statement: `SELECT * FROM "${TableName}" WHERE pk='${pk}' AND sk='${sk}'`,
        })),
      }),
    ),
  'PartiQL transaction': ({ dynamodb }, TableName, _, { pk }) =>
    dynamodb.send(
      new ExecuteTransactionCommand({
        TransactStatements: [{ Statement: `INSERT INTO "${TableName}" VALUE {'pk':'${pk}','sk':'x'}` }],
      }),
    ),
  DescribeTable: ({ dynamodb }, TableName) => dynamodb.send(new DescribeTableCommand({ TableName })),
  UpdateTable: ({ dynamodb }, TableName) =>
    dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
  'UpdateTable to have a stream': ({ dynamodb }, TableName) =>
    dynamodb.send(
      new UpdateTableCommand({
        TableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    ),
  UpdateTimeToLive: ({ dynamodb }, TableName) =>
    dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: false },
      }),
    ),
  UpdateContinuousBackups: ({ dynamodb }, TableName) =>
    dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
    ),
  DeleteTable: ({ dynamodb }, TableName) => dynamodb.send(new DeleteTableCommand({ TableName })),
  CreateBackup: ({ dynamodb }, TableName) =>
    dynamodb.send(new CreateBackupCommand({ TableName, BackupName: 'attempt' })),
  ExportTableToPointInTime: ({ dynamodb }, TableName) =>
    dynamodb.send(new ExportTableToPointInTimeCommand({ TableArn: tableArn(TableName), S3Bucket: 'elsewhere' })),
};

/** Reads of an index, which holds rows of all tenants: never allowed. */
export const indexAttempts = (
  { hash, partitionsOf }: IndexCase,
  tenants: readonly string[],
): Readonly<Record<string, (caller: Caller, TableName: string, IndexName: string) => Promise<unknown>>> => ({
  Scan: ({ document }, TableName, IndexName) => document.send(new ScanCommand({ TableName, IndexName })),
  ...Object.fromEntries(
    [...new Set(tenants.flatMap(partitionsOf))].map((partition) => [
      `Query of ${partition}`,
      ({ document }: Caller, TableName: string, IndexName: string) =>
        document.send(
          new QueryCommand({
            TableName,
            IndexName,
            KeyConditionExpression: '#hash = :hash',
            ExpressionAttributeNames: { '#hash': hash },
            ExpressionAttributeValues: { ':hash': partition },
          }),
        ),
    ]),
  ),
});

const streams = (caller: Caller, operation: string, body: object) =>
  caller.raw({
    service: 'dynamodb',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDBStreams_20120810.${operation}` },
    body: JSON.stringify(body),
  });

/** A stream's first shard, and where to read it from. Only whoever may read the stream is told. */
export async function openStream(caller: Caller, StreamArn: string) {
  const { StreamDescription } = JSON.parse(await streams(caller, 'DescribeStream', { StreamArn }));
  const { ShardId } = StreamDescription.Shards[0];
  const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = JSON.parse(await streams(caller, 'GetShardIterator', from));
  return { arn: StreamArn, shard: String(ShardId), iterator: String(ShardIterator) };
}
export type OpenStream = Awaited<ReturnType<typeof openStream>>;

/** Reads of a stream, in which all rows of a table pass by: never allowed. */
export const streamAttempts: Readonly<Record<string, (caller: Caller, stream: OpenStream) => Promise<unknown>>> = {
  ListStreams: (caller) => streams(caller, 'ListStreams', {}),
  DescribeStream: (caller, { arn }) => streams(caller, 'DescribeStream', { StreamArn: arn }),
  GetShardIterator: (caller, { arn, shard }) =>
    streams(caller, 'GetShardIterator', { StreamArn: arn, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }),
  'GetRecords by an iterator of somebody else': (caller, { iterator }) =>
    streams(caller, 'GetRecords', { ShardIterator: iterator }),
};
