import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { SlugState } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { isSlugReserved } from './slug.ts';

/** Whether a company could get the slug at this moment. What is free now may be taken when it is asked for. */
export async function slugState(control: Table, slug: string): Promise<SlugState> {
  if (isSlugReserved(slug)) return 'reserved';
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.slug(slug), ProjectionExpression: 'pk' }),
  );
  return Item ? 'taken' : 'free';
}
