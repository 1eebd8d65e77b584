import * as z from 'zod';
import type { EventVerdict } from '../contract/data-plane.ts';
import { opaqueIdSchema, timeSchema } from '../contract/schemas.ts';
import type { FieldError } from '../errors/domain-error.ts';
import { fieldErrors } from '../errors/field-errors.ts';
import { type IdSource, idPattern, timeOfId } from '../ids/id.ts';

export const eventTypes = ['view', 'cart', 'purchase'] as const;
export type EventType = (typeof eventTypes)[number];

/** How far ahead of ours a shop's clock may run. */
const CLOCK_AHEAD_MS = 5 * 60 * 1000;

export const eventSchema = z.strictObject({
  /** Chosen by the sender so that a retry changes nothing; its ULID carries the event's time. */
  id: z.string().regex(idPattern('event'), 'must be evt_ and a lower-case ULID').optional(),
  shopperId: opaqueIdSchema,
  itemId: opaqueIdSchema,
  type: z.enum(eventTypes),
  /** When it happened; by default now. Together with an `id` it must be the id's own time. */
  time: timeSchema.optional(),
  sessionId: opaqueIdSchema.optional(),
});

/** One behaviour record of a shopper. */
export interface BehaviourEvent {
  readonly id: string;
  readonly shopperId: string;
  readonly itemId: string;
  readonly type: EventType;
  /** RFC 3339 in UTC. */
  readonly time: string;
  readonly sessionId?: string | undefined;
}

/**
 * Checks the events of a batch one by one. An event's key is a function of its id alone, so that the same event sent
 * twice is the same row.
 */
export function checkEvents(
  inputs: readonly unknown[],
  context: { readonly now: number; readonly newId: IdSource },
): { readonly events: readonly BehaviourEvent[]; readonly verdicts: readonly EventVerdict[] } {
  const events: BehaviourEvent[] = [];
  const verdicts = inputs.map((input, index): EventVerdict => {
    const rejected = (errors: FieldError[]): EventVerdict => ({ index, id: null, verdict: 'rejected', errors });
    const parsed = eventSchema.safeParse(input);
    if (!parsed.success) return rejected(fieldErrors(parsed.error, ['events', index]));
    const { id: givenId, time: givenTime, ...rest } = parsed.data;
    const at = givenId ? timeOfId(givenId) : givenTime ? Date.parse(givenTime) : context.now;
    if (givenId && givenTime && Date.parse(givenTime) !== at) {
      return rejected([{ field: `events.${index}.time`, message: "must be the time in the event's id, or left out" }]);
    }
    const field = `events.${index}.${givenId ? 'id' : 'time'}`;
    if (at > context.now + CLOCK_AHEAD_MS) return rejected([{ field, message: 'must not lie in the future' }]);
    if (at < 0) return rejected([{ field, message: 'must not lie before 1970' }]);
    const id = givenId ?? context.newId('event', at);
    events.push({ ...rest, id, time: new Date(at).toISOString() });
    return { index, id, verdict: 'accepted' };
  });
  return { events, verdicts };
}
