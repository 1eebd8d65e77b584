import type { Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { attributesOf } from './expression/condition.ts';
import { Placeholders } from './expression/placeholders.ts';
import { SLOTS, slotPrefix } from './key.ts';
import { checkStartKey, readPage, selectFor } from './page.ts';
import { pageRequest, parseFilter, sourceArn, sourceOf, startAt } from './query.ts';
import { projectionOf } from './read.ts';
import { type ScanRequest, scan } from './request.ts';
import { itemRequirement } from './requirement.ts';
import { allItems } from './source-rows.ts';

export const prepareScan: Prepare = (context, body) => {
  const request = scan(body, '');
  const parsed = parse(request);
  checkSegments(request);
  const select = selectFor(request, parsed.projection);
  const authorised = context.catalogue.find(request.TableName);
  return {
    requires: [
      itemRequirement('Scan', sourceArn(context, request), {
        attributes: [
          ...(parsed.filter ? attributesOf(parsed.filter) : []),
          ...(parsed.projection ?? []).map(([head]) => head),
        ],
        select,
        returnConsumedCapacity: request.ReturnConsumedCapacity,
      }),
    ],
    run: () => {
      const source = sourceOf(context.catalogue.current(authorised), request.IndexName);
      const page = pageRequest(source, request, parsed, select);
      if (request.ExclusiveStartKey) checkStartKey(source, request.ExclusiveStartKey);
      const start = request.ExclusiveStartKey && startAt(source, request.ExclusiveStartKey);
      const segment = segmentOf(request);
      if (start && !within(start.position.partition, segment)) {
        throw validationError(
          `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${request.TotalSegments} Segment: ${request.Segment}`,
        );
      }
      return readPage(allItems(context.store, source, { ...segment, ...(start ? { start } : {}) }), page);
    },
  };
};

function parse(request: ScanRequest) {
  const anyExpression = request.FilterExpression !== undefined || request.ProjectionExpression !== undefined;
  if (anyExpression && (request.ScanFilter || request.ConditionalOperator || request.AttributesToGet)) {
    throw validationError('Can not use both expression and non-expression parameters in the same request');
  }
  const placeholders = new Placeholders(request.ExpressionAttributeNames, request.ExpressionAttributeValues);
  const filter = parseFilter(request, request.ScanFilter, placeholders);
  const projection = projectionOf(request, placeholders);
  placeholders.assertAllUsed(anyExpression);
  return { ...(filter ? { filter } : {}), ...(projection ? { projection } : {}) };
}

function checkSegments({ Segment, TotalSegments }: ScanRequest): void {
  if (Segment !== undefined && TotalSegments === undefined) {
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (TotalSegments !== undefined && Segment === undefined) {
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment !== undefined && TotalSegments !== undefined && Segment >= TotalSegments) {
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
}

interface SlotRange {
  readonly from?: Buffer;
  readonly until?: Buffer;
}

function segmentOf({ Segment, TotalSegments }: ScanRequest): SlotRange {
  if (Segment === undefined || TotalSegments === undefined) return {};
  const boundary = (segment: number) => Math.floor((SLOTS * segment) / TotalSegments);
  const until = boundary(Segment + 1);
  return { from: slotPrefix(boundary(Segment)), ...(until < SLOTS ? { until: slotPrefix(until) } : {}) };
}

const within = (partition: Buffer, { from, until }: SlotRange) =>
  (!from || Buffer.compare(partition, from) >= 0) && (!until || Buffer.compare(partition, until) < 0);
