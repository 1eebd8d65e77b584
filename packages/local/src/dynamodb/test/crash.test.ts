import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const TableName = 'Crash';

/** Runs the writer and kills it without warning. @returns The last transaction that it saw acknowledged. */
async function killedAfter(dir: string, acknowledgements: number): Promise<number> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = -1;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (last + 1 === acknowledgements) writer.kill('SIGKILL');
  }
  return last;
}

async function pairsIn(harness: Harness): Promise<readonly number[]> {
  const pairs: number[] = [];
  let start: unknown;
  do {
    const page = await harness.call('DynamoDB_20120810.Scan', {
      TableName,
      ProjectionExpression: 'id',
      ...(start ? { ExclusiveStartKey: start } : {}),
    });
    for (const { id } of page.Items as { id: { S: string } }[]) {
      if (id.S.startsWith('left')) pairs.push(Number(id.S.slice(4)));
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return pairs.toSorted((left, right) => left - right);
}

test.each([1, 57, 400])(
  'a process killed after %i acknowledged transactions has lost none of them and left none half done',
  async (acknowledgements) => {
    const dir = mkdtempSync(join(tmpdir(), 'dynamodb-crash-'));
    try {
      const last = await killedAfter(dir, acknowledgements);
      const harness = await startHarness({ dir });
      const pairs = await pairsIn(harness);
      expect(pairs).toEqual(pairs.map((_, index) => index));
      expect(pairs.length).toBeGreaterThan(last);
      const { Item } = await harness.call('DynamoDB_20120810.GetItem', { TableName, Key: { id: { S: 'total' } } });
      expect(Item).toMatchObject({ pairs: { N: String(pairs.length) } });
      expect(await harness.engine.tables()).toMatchObject([{ itemCount: 2 * pairs.length + 1 }]);
      for (const n of [0, pairs.length - 1]) {
        const { Count } = await harness.call('DynamoDB_20120810.Query', {
          TableName,
          IndexName: 'byPair',
          KeyConditionExpression: 'pair = :n',
          ExpressionAttributeValues: { ':n': { S: String(n) } },
        });
        expect(Count).toBe(2);
      }
      expect(await recordsIn(harness)).toBe(3 * pairs.length);
      await harness.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
  20_000,
);

async function recordsIn(harness: Harness): Promise<number> {
  const [table] = await harness.engine.tables();
  const StreamArn = table?.streamArn;
  const { StreamDescription } = (await harness.call('DynamoDBStreams_20120810.DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  let { ShardIterator } = await harness.call('DynamoDBStreams_20120810.GetShardIterator', {
    StreamArn,
    ShardId: StreamDescription.Shards[0]?.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  let count = 0;
  for (;;) {
    const page = (await harness.call('DynamoDBStreams_20120810.GetRecords', { ShardIterator })) as {
      Records: object[];
      NextShardIterator: string;
    };
    if (page.Records.length === 0) return count;
    count += page.Records.length;
    ShardIterator = page.NextShardIterator;
  }
}
