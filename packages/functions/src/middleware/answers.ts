import type { MiddlewareObj } from '@middy/core';
import { idempotencyHeader, idempotencyKeySchema, replayedHeader } from '@tenantry/core/contract/idempotency';
import type { Route } from '@tenantry/core/contract/route';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { AnswerBox } from '@tenantry/core/idempotency/answer-box';
import {
  type AnswerItem,
  answerItem,
  giveBack,
  type Held,
  keepAnswer,
  takeUp,
} from '@tenantry/core/idempotency/answers';
import { keepsAnswers } from '@tenantry/core/isolation/profiles';
import { log } from '../logging.ts';
import { type ApiEvent, type ApiResult, stateOf } from './api-event.ts';
import { bodyOf, resultOf } from './output.ts';
import { controlBy } from './stores.ts';

/** An attempt that this request answers. */
export interface Answering {
  readonly control: Table;
  readonly box: AnswerBox;
  readonly held: Held;
  /** Whether the answer is kept by a transaction of the implementation. */
  transacted: boolean;
}

function keyOf({ headers }: ApiEvent): string | undefined {
  const value = headers[idempotencyHeader.toLowerCase()];
  if (value === undefined) return undefined;
  const parsed = idempotencyKeySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? 'is not valid';
  throw new DomainError('invalid_request', `${idempotencyHeader}: ${message}.`, {
    fields: [{ field: idempotencyHeader, message }],
  });
}

/** The transaction items that keep an answer; none for a request without the header. */
export function remembering(route: Route, event: ApiEvent): (answer: unknown) => readonly AnswerItem[] {
  return (answer) => {
    const { answering } = stateOf(event);
    if (!answering) return [];
    answering.transacted = true;
    const { control, box, held } = answering;
    return [answerItem(control.name, box, held, bodyOf(route, answer))];
  };
}

/**
 * Answers what comes again with the same `Idempotency-Key` as it was answered before, on routes whose row says so. Comes after whatever may
 * refuse a request: only who may still call a route hears what it said.
 */
export const answers = (route: Route, box: AnswerBox): MiddlewareObj<ApiEvent, ApiResult> => ({
  before: async ({ event }) => {
    const key = keyOf(event);
    if (key === undefined) return undefined;
    const state = stateOf(event);
    if (state.actor.kind !== 'member') throw new Error(`${route.id} keeps answers, and is not for members.`);
    const { tenantId, userId } = state.actor;
    const control = controlBy(route, state, keepsAnswers, 'that keeps answers');
    const input = { params: state.params, query: state.query, body: state.body };
    const found = await takeUp(control, box, { tenantId, userId, routeId: route.id, key, input }, new Date());
    if ('answer' in found) return resultOf(route, event, found.answer, { [replayedHeader]: 'true' });
    state.answering = { control, box, held: found.held, transacted: false };
    return undefined;
  },
  after: async ({ event, response }) => {
    const { answering } = stateOf(event);
    if (!answering || answering.transacted) return;
    const { control, box, held } = answering;
    // What was asked for is done: that it cannot be noted is no reason to say otherwise.
    await keepAnswer(control, box, held, response?.body ?? '').catch((error: unknown) =>
      log.error('an answer is not kept', error),
    );
  },
  onError: async ({ event }) => {
    const { answering } = stateOf(event);
    if (!answering) return;
    await giveBack(answering.control, answering.held).catch((error: unknown) =>
      log.error('an attempt is not given back', error),
    );
  },
});
