import { writeSync } from 'node:fs';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../aws/engine.ts';
import { createDynamoDbEngine } from '../engine.ts';
import { CALLER, wireRequest } from './harness.ts';

/** Writes transactions until it is killed, and says of each that it was acknowledged. */
const [, , dir = ''] = process.argv;
const engine = await createDynamoDbEngine({ dir, accountId: LOCAL_ACCOUNT_ID, region: LOCAL_REGION });
const TableName = 'Crash';
await engine.ensureTable({
  tableName: TableName,
  attributes: { id: 'S', pair: 'S' },
  keySchema: { hash: 'id' },
  gsis: [{ indexName: 'byPair', keySchema: { hash: 'pair', range: 'id' } }],
  streamViewType: 'KEYS_ONLY',
});
for (let n = 0; ; n += 1) {
  const side = (name: string) => ({
    Put: { TableName, Item: { id: { S: `${name}${n}` }, pair: { S: String(n) }, padding: { S: 'x'.repeat(2_000) } } },
  });
  const total = {
    Update: {
      TableName,
      Key: { id: { S: 'total' } },
      UpdateExpression: 'ADD pairs :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
  const operation = await engine.prepare(
    wireRequest('TransactWriteItems', { TransactItems: [side('left'), side('right'), total] }),
  );
  await operation.run(CALLER);
  writeSync(1, `${n}\n`);
}
