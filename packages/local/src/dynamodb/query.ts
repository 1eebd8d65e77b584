import { type AttributeValue, attributeOf, type Item, typeOf, valuesEqual } from './attribute-value.ts';
import type { Context, Prepare } from './context.ts';
import { tableNotFound, validationError } from './errors.ts';
import { attributesOf, type Condition } from './expression/condition.ts';
import { meets } from './expression/condition-evaluator.ts';
import { parseCondition } from './expression/condition-parser.ts';
import { type KeyCondition, keyConditionsOf } from './expression/key-condition.ts';
import type { Path } from './expression/path.ts';
import { Placeholders } from './expression/placeholders.ts';
import {
  checkKeyValue,
  encodePartition,
  encodeSort,
  type KeySchema,
  keyAttributes,
  optionalPositionOf,
  positionOf,
} from './key.ts';
import { filterCondition, legacyKeyConditions } from './legacy.ts';
import { checkSource, checkStartKey, type PageRequest, readPage, type Source, selectFor } from './page.ts';
import { projectionOf } from './read.ts';
import { type QueryRequest, query, type ScanRequest } from './request.ts';
import { itemRequirement, tableArn } from './requirement.ts';
import { partitionItems, type SortRange, type Start } from './source-rows.ts';
import { indexOf, type Table } from './table.ts';

interface ParsedQuery {
  readonly keyConditions: readonly KeyCondition[];
  readonly filter?: Condition;
  readonly projection?: readonly Path[];
}

function parse(request: QueryRequest): ParsedQuery {
  const expressions = [request.KeyConditionExpression, request.FilterExpression, request.ProjectionExpression];
  const anyExpression = expressions.some((expression) => expression !== undefined);
  const legacy = [request.QueryFilter, request.ConditionalOperator, request.AttributesToGet];
  if (
    anyExpression &&
    (legacy.some((parameter) => parameter !== undefined) ||
      (request.KeyConditions && request.KeyConditionExpression !== undefined))
  ) {
    throw validationError('Can not use both expression and non-expression parameters in the same request');
  }
  const placeholders = new Placeholders(request.ExpressionAttributeNames, request.ExpressionAttributeValues);
  const keyConditions = parseKeyConditions(request, placeholders);
  const filter = parseFilter(request, request.QueryFilter, placeholders);
  const projection = projectionOf(request, placeholders);
  placeholders.assertAllUsed(anyExpression);
  return { keyConditions, ...(filter ? { filter } : {}), ...(projection ? { projection } : {}) };
}

function parseKeyConditions(request: QueryRequest, placeholders: Placeholders): readonly KeyCondition[] {
  if (request.KeyConditionExpression !== undefined) {
    return keyConditionsOf(parseCondition(request.KeyConditionExpression, 'KeyConditionExpression', placeholders));
  }
  if (request.KeyConditions) return legacyKeyConditions(request.KeyConditions);
  throw validationError(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
}

export function parseFilter(
  request: QueryRequest | ScanRequest,
  legacy: Parameters<typeof filterCondition>[0] | undefined,
  placeholders: Placeholders,
): Condition | undefined {
  return request.FilterExpression === undefined
    ? legacy && filterCondition(legacy, request.ConditionalOperator)
    : parseCondition(request.FilterExpression, 'FilterExpression', placeholders);
}

export const prepareQuery: Prepare = (context, body) => {
  const request = query(body, '');
  const parsed = parse(request);
  const select = selectFor(request, parsed.projection);
  const authorised = context.catalogue.find(request.TableName);
  const index = request.IndexName === undefined ? undefined : authorised && indexOf(authorised, request.IndexName);
  const keys = request.IndexName === undefined ? authorised?.keys : index?.keys;
  const leading = keys && parsed.keyConditions.find(({ attribute }) => attribute === keys.partition.name);
  return {
    requires: [
      itemRequirement('Query', sourceArn(context, request), {
        leadingKeys: leading?.operator === '=' ? leading.values : [],
        attributes: [
          ...parsed.keyConditions.map(({ attribute }) => attribute),
          ...(parsed.filter ? attributesOf(parsed.filter) : []),
          ...(parsed.projection ?? []).map(([head]) => head),
        ],
        select,
        returnConsumedCapacity: request.ReturnConsumedCapacity,
      }),
    ],
    run: () => {
      const source = sourceOf(context.catalogue.current(authorised), request.IndexName);
      if (source.index?.number !== index?.number) throw tableNotFound();
      return runQuery(context, request, parsed, pageRequest(source, request, parsed, select));
    },
  };
};

/** The ARN of the table or index that is read. */
export function sourceArn(context: Context, request: QueryRequest | ScanRequest): string {
  const table = tableArn(context, request.TableName);
  return request.IndexName === undefined ? table : `${table}/index/${request.IndexName}`;
}

/** @throws {AwsError} `ValidationException` when the table has no such index. */
export function sourceOf(table: Table, indexName: string | undefined): Source {
  if (indexName === undefined) return { table };
  const index = indexOf(table, indexName);
  if (!index) throw validationError(`The table does not have the specified index: ${indexName}`);
  return { table, index };
}

export function pageRequest(
  source: Source,
  request: QueryRequest | ScanRequest,
  parsed: { readonly filter?: Condition; readonly projection?: readonly Path[] },
  select: PageRequest['select'],
): PageRequest {
  const page = {
    source,
    select,
    consistent: request.ConsistentRead ?? false,
    ...(parsed.filter ? { filter: parsed.filter } : {}),
    ...(parsed.projection ? { projection: parsed.projection } : {}),
    ...(request.Limit === undefined ? {} : { limit: request.Limit }),
    ...(request.ReturnConsumedCapacity === undefined ? {} : { returnConsumedCapacity: request.ReturnConsumedCapacity }),
  };
  checkSource(page);
  return page;
}

function runQuery(context: Context, request: QueryRequest, parsed: ParsedQuery, page: PageRequest): object {
  const { source } = page;
  const keys = source.index?.keys ?? source.table.keys;
  const { partition, sort } = bindKeyConditions(keys, parsed.keyConditions);
  if (parsed.filter) {
    const filtered = attributesOf(parsed.filter);
    const key = keyAttributes(keys).find(({ name }) => filtered.has(name));
    if (key) {
      throw validationError(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
      );
    }
  }
  const start = request.ExclusiveStartKey && queryStart(source, keys, partition, sort, request.ExclusiveStartKey);
  const candidates = partitionItems(context.store, source, encodePartition(partition), sort ? sortRange(sort) : {}, {
    descending: request.ScanIndexForward === false,
    ...(start ? { start } : {}),
  });
  return readPage(candidates, page);
}

interface BoundConditions {
  readonly partition: AttributeValue;
  readonly sort?: KeyCondition;
}

/** @throws {AwsError} `ValidationException` unless the conditions fit the key. */
function bindKeyConditions(keys: KeySchema, conditions: readonly KeyCondition[]): BoundConditions {
  const partition = conditions.find(({ attribute }) => attribute === keys.partition.name);
  const sort = conditions.find(({ attribute }) => attribute === keys.sort?.name);
  if (!partition) throw validationError(`Query condition missed key schema element: ${keys.partition.name}`);
  if (conditions.length === 2 && !sort) {
    throw validationError(
      keys.sort ? `Query condition missed key schema element: ${keys.sort.name}` : 'Query key condition not supported',
    );
  }
  const [value] = partition.values;
  if (partition.operator !== '=' || !value) throw validationError('Query key condition not supported');
  for (const { name, type } of keyAttributes(keys)) {
    const condition = name === keys.partition.name ? partition : sort;
    const mismatch = condition?.values.some((operand) => typeOf(operand) !== type);
    if (mismatch || (condition?.operator === 'beginsWith' && type === 'N')) {
      throw validationError(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
  }
  checkKeyValue(keys.partition, value, true);
  for (const operand of sort?.values ?? []) if (keys.sort) checkKeyValue(keys.sort, operand, false);
  return { partition: value, ...(sort ? { sort } : {}) };
}

function sortRange({ operator, values: [first, second] }: KeyCondition): SortRange {
  if (!first) throw new Error('a key condition without a value');
  const bytes = encodeSort(first);
  switch (operator) {
    case '=':
      return { low: { bytes, inclusive: true }, high: { bytes, inclusive: true } };
    case '<':
    case '<=':
      return { high: { bytes, inclusive: operator === '<=' } };
    case '>':
    case '>=':
      return { low: { bytes, inclusive: operator === '>=' } };
    case 'between':
      return {
        low: { bytes, inclusive: true },
        ...(second ? { high: { bytes: encodeSort(second), inclusive: true } } : {}),
      };
    case 'beginsWith': {
      const end = successor(bytes);
      return { low: { bytes, inclusive: true }, ...(end ? { high: { bytes: end, inclusive: false } } : {}) };
    }
  }
}

/** The least byte string greater than all that begin with `prefix`; undefined where there is none. */
function successor(prefix: Buffer): Buffer | undefined {
  const kept = prefix.findLastIndex((byte) => byte !== 0xff);
  if (kept === -1) return undefined;
  const end = Buffer.from(prefix.subarray(0, kept + 1));
  end.writeUInt8(end.readUInt8(kept) + 1, kept);
  return end;
}

function queryStart(
  source: Source,
  keys: KeySchema,
  partition: AttributeValue,
  sort: KeyCondition | undefined,
  key: Item,
): Start {
  checkStartKey(source, key);
  const given = attributeOf(key, keys.partition.name);
  if (!given || !valuesEqual(given, partition) || (sort && !meets(key, asCondition(sort)))) {
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  }
  return startAt(source, key);
}

/** Where a starting key, already checked, lies. */
export function startAt({ table, index }: Source, key: Item): Start {
  const item = positionOf(table.keys, key);
  const position = index ? optionalPositionOf(index.keys, key) : item;
  if (!position) throw new Error('a starting key that was not checked');
  return { position, item };
}

function asCondition({ attribute, operator, values }: KeyCondition): Condition {
  const operand = { kind: 'path', path: [attribute] } as const;
  const [first, second] = values.map((value) => ({ kind: 'value', value }) as const);
  if (!first) throw new Error('a key condition without a value');
  if (operator === 'between') return { kind: 'between', operand, low: first, high: second ?? first };
  if (operator === 'beginsWith') return { kind: 'beginsWith', operand, part: first };
  return { kind: 'compare', comparator: operator, left: operand, right: first };
}
