import { type AttributeValue, type Item, itemSize } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { type Path, project } from './expression/path.ts';
import { Placeholders } from './expression/placeholders.ts';
import { parseProjection } from './expression/projection-parser.ts';
import { positionOfKey } from './key.ts';
import { getItem } from './request.ts';
import { itemRequirement, leadingKeysOf, tableArn } from './requirement.ts';

interface ProjectionParameters {
  readonly ProjectionExpression?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ExpressionAttributeNames?: ReadonlyMap<string, string>;
  readonly ExpressionAttributeValues?: ReadonlyMap<string, AttributeValue>;
}

/** The paths asked for; undefined asks for all. @throws {AwsError} `ValidationException`. */
export function projectionOf(request: ProjectionParameters, placeholders: Placeholders): readonly Path[] | undefined {
  if (request.ProjectionExpression === undefined) return request.AttributesToGet?.map((name) => [name] as const);
  if (request.AttributesToGet) {
    throw validationError(
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
    );
  }
  return parseProjection(request.ProjectionExpression, placeholders);
}

/** The projection of a request that has no other expression. */
export function soleProjectionOf(request: ProjectionParameters): readonly Path[] | undefined {
  const placeholders = new Placeholders(request.ExpressionAttributeNames);
  const projection = projectionOf(request, placeholders);
  placeholders.assertAllUsed(request.ProjectionExpression !== undefined);
  return projection;
}

export const projected = (item: Item, projection: readonly Path[] | undefined): Item =>
  projection ? project(item, projection) : item;

/** Attributes that a read by key names. */
export const attributesRead = (keys: readonly Item[], projection: readonly Path[] | undefined): readonly string[] => [
  ...keys.flatMap((key) => Object.keys(key)),
  ...(projection ?? []).map(([head]) => head),
];

export const selectOf = (projection: readonly Path[] | undefined) =>
  projection ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES';

export const prepareGetItem: Prepare = (context, body) => {
  const request = getItem(body, '');
  const projection = soleProjectionOf(request);
  const authorised = context.catalogue.find(request.TableName);
  return {
    requires: [
      itemRequirement('GetItem', tableArn(context, request.TableName), {
        leadingKeys: leadingKeysOf(authorised, [request.Key]),
        attributes: attributesRead([request.Key], projection),
        select: selectOf(projection),
        returnConsumedCapacity: request.ReturnConsumedCapacity,
      }),
    ],
    run: () => {
      const table = context.catalogue.current(authorised);
      const found = context.items.find(table, positionOfKey(table.keys, request.Key));
      const capacity = new ConsumedCapacity();
      capacity.addRead(table, found ? itemSize(found.item) : 0, request.ConsistentRead ? 1 : 0.5);
      return {
        ...(found ? { Item: projected(found.item, projection) } : {}),
        ...capacity.single(request.ReturnConsumedCapacity),
      };
    },
  };
};
