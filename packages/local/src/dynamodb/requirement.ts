import type { IamRequirement } from '../aws/engine.ts';
import { type AttributeValue, attributeOf, type Item } from './attribute-value.ts';
import { leadingKeyText } from './key.ts';
import type { Table } from './table.ts';

export interface Scope {
  readonly accountId: string;
  readonly region: string;
}

export const tableArn = ({ accountId, region }: Scope, name: string) =>
  `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;

/** What an item-level action touches, for IAM's condition keys. */
export interface Touched {
  /** Partition key values, as far as they could be read. A call for which one could not be read never runs. */
  readonly leadingKeys?: readonly (AttributeValue | undefined)[];
  readonly attributes?: Iterable<string>;
  readonly select?: string;
  readonly returnValues?: string;
  readonly returnConsumedCapacity?: string | undefined;
  readonly enclosingOperation?: 'TransactWriteItems' | 'TransactGetItems';
}

/** The partition keys of items or keys; nothing where there is no table to say which attribute it is. */
export function leadingKeysOf(
  table: Table | undefined,
  targets: readonly Item[],
): readonly (AttributeValue | undefined)[] {
  return table ? targets.map((target) => attributeOf(target, table.keys.partition.name)) : [];
}

/** @param resource An ARN. */
export function itemRequirement(action: string, resource: string, touched: Touched): IamRequirement {
  const leadingKeys = new Set(
    (touched.leadingKeys ?? []).flatMap((value) => {
      const text = value && leadingKeyText(value);
      return text === undefined ? [] : [text];
    }),
  );
  const context: Record<string, readonly string[]> = {};
  const add = (key: string, values: Iterable<string>) => {
    const list = [...new Set(values)];
    if (list.length > 0) context[`dynamodb:${key}`] = list;
  };
  add('LeadingKeys', leadingKeys);
  add('Attributes', touched.attributes ?? []);
  add('Select', touched.select === undefined ? [] : [touched.select]);
  add('ReturnValues', touched.returnValues === undefined ? [] : [touched.returnValues]);
  add('ReturnConsumedCapacity', touched.returnConsumedCapacity === undefined ? [] : [touched.returnConsumedCapacity]);
  add('EnclosingOperation', touched.enclosingOperation === undefined ? [] : [touched.enclosingOperation]);
  return { action: `dynamodb:${action}`, resource, context };
}
