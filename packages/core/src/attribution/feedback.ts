import * as z from 'zod';
import { opaqueIdSchema } from '../contract/schemas.ts';
import type { Table } from '../control/table.ts';
import type { FieldError } from '../errors/domain-error.ts';
import { fieldErrors } from '../errors/field-errors.ts';
import { idPattern, type TenantId } from '../ids/id.ts';
import { type Counted, countOnce } from './counters.ts';
import { findLoggedList } from './log.ts';

const common = {
  recommendationId: z.string().regex(idPattern('recommendation'), 'must be the id of a list'),
  shopperId: opaqueIdSchema,
};

/** What became of a list that a shopper was given. */
export const feedbackSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('impression') }),
  z.strictObject({ ...common, type: z.literal('click'), itemId: opaqueIdSchema }),
]);
export type Feedback = z.output<typeof feedbackSchema>;

export interface FeedbackVerdict {
  readonly index: number;
  readonly verdict: 'accepted' | 'rejected';
  readonly errors?: FieldError[];
}

export interface FeedbackStores {
  /** The log of what was recommended to whom. */
  readonly recommendations: Table;
  readonly attribution: Table;
}

/** A click by its item first, so that a purchase of the item finds it; no item's name reaches into another's. */
export const clickName = (itemId: string, recommendationId: string): string =>
  `CLICK#${encodeURIComponent(itemId)}#${recommendationId}`;

/**
 * Counts what became of lists, each thing once however often it is told, and only of lists that were given to that shopper.
 * @throws {DomainError} `unavailable`; sending all of it again is safe
 */
export async function takeFeedback(
  stores: FeedbackStores,
  tenantId: TenantId,
  inputs: readonly unknown[],
  now: Date,
): Promise<readonly FeedbackVerdict[]> {
  return Promise.all(
    inputs.map(async (input, index): Promise<FeedbackVerdict> => {
      const rejected = (errors: FieldError[]): FeedbackVerdict => ({ index, verdict: 'rejected', errors });
      const parsed = feedbackSchema.safeParse(input);
      if (!parsed.success) return rejected(fieldErrors(parsed.error, ['feedback', index]));
      const problem = await take(stores, tenantId, parsed.data, now);
      if (!problem) return { index, verdict: 'accepted' };
      return rejected([{ field: `feedback.${index}.${problem.field}`, message: problem.message }]);
    }),
  );
}

async function take(
  { recommendations, attribution }: FeedbackStores,
  tenantId: TenantId,
  feedback: Feedback,
  now: Date,
): Promise<FieldError | undefined> {
  const { recommendationId, shopperId } = feedback;
  const list = await findLoggedList(recommendations, tenantId, shopperId, recommendationId);
  if (!list) return { field: 'recommendationId', message: 'must be a list that this shopper was given' };
  const { items, ...kind } = list;
  const day = now.toISOString().slice(0, 10);
  const once = (what: Counted, name: string, details = {}) =>
    countOnce(attribution, { tenantId, shopperId, name, details }, { what, kind, day }, now);
  if (feedback.type === 'click' && !items.includes(feedback.itemId)) {
    return { field: 'itemId', message: 'must be an item of the list' };
  }
  // Whoever clicked has seen it, even if nobody told.
  await once('impressions', `SHOWN#${recommendationId}`);
  const { variant } = kind;
  // Lists of the same shopper tell less than as many of different ones, so experiments count shoppers.
  if (variant !== 'none') await once('shoppers', `SAW#${variant}`);
  if (feedback.type === 'impression') return undefined;
  await once('clicks', clickName(feedback.itemId, recommendationId), { kind, at: now.toISOString() });
  await once('clickedLists', `CLICKED#${recommendationId}`);
  if (variant !== 'none') await once('clickedShoppers', `CHOSE#${variant}`);
  return undefined;
}
