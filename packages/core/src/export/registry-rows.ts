import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import type { Item } from '../dynamodb/batch-write.ts';

/** All rows of a partition whose sort keys begin so: for what is few by its nature. */
export async function rowsBelow({ client, name }: Table, pk: string, prefix: string): Promise<readonly Item[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      ConsistentRead: true,
    },
  );
  const rows: Item[] = [];
  for await (const { Items = [] } of pages) rows.push(...Items);
  return rows;
}
