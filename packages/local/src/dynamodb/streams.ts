import { AwsError } from '../aws/engine.ts';
import type { Context, Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { tableName } from './request.ts';
import { integer, oneOf, optional, string, structure } from './shape.ts';
import { type Stream, sequenceText } from './stream-log.ts';
import { keySchemaJson } from './table-description.ts';

/** The DynamoDB Streams API. */

const ITERATOR_LIFETIME_MS = 15 * 60 * 1_000;
const PAGE_RECORDS_MAX = 1_000;
const PAGE_BYTES_MAX = 1_024 * 1_024;

const streamArn = string({ min: 37, max: 1_024 });
const shardId = string({ min: 28, max: 65 });
const sequenceNumber = string({ min: 21, max: 40, pattern: /^1\d{20}$/ });

const listStreams = structure({
  TableName: optional(tableName),
  Limit: optional(integer(1, 100)),
  ExclusiveStartStreamArn: optional(streamArn),
});
const describeStream = structure({
  StreamArn: streamArn,
  Limit: optional(integer(1, 100)),
  ExclusiveStartShardId: optional(shardId),
  ShardFilter: optional(structure({ Type: optional(oneOf(['CHILD_SHARDS'])), ShardId: optional(shardId) })),
});
const getShardIterator = structure({
  StreamArn: streamArn,
  ShardId: shardId,
  ShardIteratorType: oneOf(['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']),
  SequenceNumber: optional(sequenceNumber),
});
const getRecords = structure({
  ShardIterator: string({ min: 1, max: 2_048 }),
  Limit: optional(integer(1, PAGE_RECORDS_MAX)),
});

const shardIdOf = (stream: Stream) =>
  `shardId-${String(stream.createdAt).padStart(20, '0')}-${stream.id.toString(16).padStart(8, '0')}`;

/** @throws {AwsError} `ResourceNotFoundException` */
function need(context: Context, arn: string): Stream {
  const stream = context.log.find(arn);
  if (stream) return stream;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
}

export const prepareListStreams: Prepare = (context, body) => {
  const request = listStreams(body, '');
  return {
    requires: [{ action: 'dynamodb:ListStreams', resource: '*' }],
    run: () => {
      const { TableName, ExclusiveStartStreamArn: start, Limit = 100 } = request;
      const streams = context.log
        .all()
        .filter(({ tableName: name }) => TableName === undefined || name === TableName)
        .filter(({ arn }) => start === undefined || arn > start);
      const page = streams.slice(0, Limit);
      const last = page.at(-1);
      return {
        Streams: page.map(({ arn, tableName: name, label }) => ({
          StreamArn: arn,
          TableName: name,
          StreamLabel: label,
        })),
        ...(streams.length > Limit && last ? { LastEvaluatedStreamArn: last.arn } : {}),
      };
    },
  };
};

export const prepareDescribeStream: Prepare = (context, body) => {
  const request = describeStream(body, '');
  return {
    requires: [{ action: 'dynamodb:DescribeStream', resource: request.StreamArn }],
    run: () => {
      const stream = need(context, request.StreamArn);
      const shard = {
        ShardId: shardIdOf(stream),
        SequenceNumberRange: {
          StartingSequenceNumber: sequenceText(stream.startSequence),
          ...(stream.endSequence === undefined ? {} : { EndingSequenceNumber: sequenceText(stream.endSequence) }),
        },
      };
      const isPast = request.ExclusiveStartShardId !== undefined || request.ShardFilter !== undefined;
      return {
        StreamDescription: {
          StreamArn: stream.arn,
          StreamLabel: stream.label,
          StreamStatus: stream.endSequence === undefined ? 'ENABLED' : 'DISABLED',
          StreamViewType: stream.viewType,
          CreationRequestDateTime: stream.createdAt / 1_000,
          TableName: stream.tableName,
          KeySchema: keySchemaJson(stream.keys),
          Shards: isPast ? [] : [shard],
        },
      };
    },
  };
};

/** A place in a stream, as its bearer may hand it in once more within 15 minutes. */
interface Iterator {
  readonly arn: string;
  readonly position: number;
  readonly createdAt: number;
}

const iteratorText = ({ arn, position, createdAt }: Iterator) =>
  `${arn}|1|${Buffer.from(JSON.stringify([position, createdAt])).toString('base64')}`;

/** @throws {AwsError} `ValidationException` */
function parseIterator(token: string): Iterator {
  const [arn, version, encoded, ...rest] = token.split('|');
  const [, position, createdAt] =
    /^\[(\d{1,15}),(\d{1,15})\]$/.exec(Buffer.from(encoded ?? '', 'base64').toString('latin1')) ?? [];
  if (!arn || version !== '1' || rest.length > 0 || position === undefined || createdAt === undefined) {
    throw validationError('Invalid ShardIterator');
  }
  return { arn, position: Number(position), createdAt: Number(createdAt) };
}

export const prepareGetShardIterator: Prepare = (context, body) => {
  const request = getShardIterator(body, '');
  return {
    requires: [{ action: 'dynamodb:GetShardIterator', resource: request.StreamArn }],
    run: () => {
      const stream = need(context, request.StreamArn);
      if (request.ShardId !== shardIdOf(stream)) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Requested resource not found: Shard: ${request.ShardId} in Stream: ${stream.arn} not found`,
        );
      }
      const position = startOf(context, stream, request.ShardIteratorType, request.SequenceNumber);
      return { ShardIterator: iteratorText({ arn: stream.arn, position, createdAt: context.now() }) };
    },
  };
};

/** The first sequence number that an iterator gives. */
function startOf(context: Context, stream: Stream, type: string, number: string | undefined): number {
  const isSequential = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (isSequential !== (number !== undefined)) {
    throw validationError(
      isSequential
        ? `SequenceNumber must be given with ShardIteratorType ${type}`
        : `SequenceNumber must not be given with ShardIteratorType ${type}`,
    );
  }
  if (type === 'LATEST') return context.log.lastSequence() + 1;
  if (number === undefined) return stream.startSequence;
  const sequence = Number(number.slice(1));
  if (sequence < stream.startSequence || sequence > context.log.lastSequence() + 1) {
    throw validationError(`Invalid SequenceNumber: ${number}`);
  }
  if (context.log.isTrimmed(stream, sequence)) {
    throw new AwsError(
      'TrimmedDataAccessException',
      'The operation attempted to read past the oldest stream record in a shard',
    );
  }
  return type === 'AT_SEQUENCE_NUMBER' ? sequence : sequence + 1;
}

export const prepareGetRecords: Prepare = (context, body) => {
  const request = getRecords(body, '');
  const iterator = parseIterator(request.ShardIterator);
  return {
    requires: [{ action: 'dynamodb:GetRecords', resource: iterator.arn }],
    run: () => {
      const stream = need(context, iterator.arn);
      if (context.now() - iterator.createdAt > ITERATOR_LIFETIME_MS) {
        throw new AwsError(
          'ExpiredIteratorException',
          'Iterator expired. The iterator was created over 15 minutes ago.',
        );
      }
      const records: object[] = [];
      let next = iterator.position;
      let bytes = 0;
      let isAtEnd = true;
      for (const { sequence, record } of context.log.read(stream, iterator.position)) {
        if (records.length === (request.Limit ?? PAGE_RECORDS_MAX) || bytes >= PAGE_BYTES_MAX) {
          isAtEnd = false;
          break;
        }
        records.push(JSON.parse(record) as object);
        bytes += record.length;
        next = sequence + 1;
      }
      const isClosed = stream.endSequence !== undefined && isAtEnd;
      return {
        Records: records,
        ...(isClosed
          ? {}
          : { NextShardIterator: iteratorText({ arn: stream.arn, position: next, createdAt: context.now() }) }),
      };
    },
  };
};
