import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export async function readItem(control: Table, { pk, sk }: Key): Promise<Record<string, unknown> | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item;
}

/** Writes by a condition; when that does not hold any more, there is nothing left to mend. */
export async function unlessChanged(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isConditionFailure(error) && !cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw error;
  }
}

/** Of an item whose attributes are all strings. */
const inWords = (item: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }])));

export const deletionCommand = ({ name }: Table, { pk, sk }: Key): string =>
  `aws dynamodb delete-item --table-name ${name} --key '${inWords({ pk, sk })}'`;

/** Puts an item where there is none. */
export const putCommand = ({ name }: Table, item: Readonly<Record<string, string>>): string =>
  `aws dynamodb put-item --table-name ${name} --condition-expression 'attribute_not_exists(pk)' --item '${inWords(item)}'`;
