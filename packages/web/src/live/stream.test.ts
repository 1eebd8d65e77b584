import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LiveEvent, matching, mergeEvents } from './stream.ts';

const event = (id: number, change: Partial<LiveEvent> = {}): LiveEvent => ({
  id: `evt_${id}`,
  shopperId: 'Anna-1',
  itemId: 'lamp',
  type: 'view',
  time: '2026-03-10T12:00:00.000Z',
  seenAt: '2026-03-10T12:00:01.000Z',
  ...change,
});

test('answers that overlap show each event once, newest first, and no more than the page keeps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 4 })), { maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      (answers, most) => {
        let sent = 0;
        let shown: readonly LiveEvent[] = [];
        for (const [fresh, overlap] of answers) {
          const first = Math.max(0, sent - Math.min(overlap, most));
          sent += fresh;
          const answer = Array.from({ length: sent - first }, (_, i) => event(sent - 1 - i));
          shown = mergeEvents(shown, answer, most);
        }
        const ids = shown.map(({ id }) => id);
        expect(ids).toEqual(Array.from({ length: Math.min(sent, most) }, (_, i) => `evt_${sent - 1 - i}`));
      },
    ),
  );
});

test('an answer without anything new changes nothing, so that nothing is drawn again', () => {
  const before = [event(2), event(1)];
  expect(mergeEvents(before, [event(2)])).toBe(before);
});

test('events are found by type and by a part of the shopper, in whatever case', () => {
  const events = [event(3, { type: 'cart' }), event(2, { shopperId: 'ben' }), event(1)];
  const ids = (wanted: Parameters<typeof matching>[1]) => matching(events, wanted).map(({ id }) => id);
  expect(ids({ type: 'all', shopper: '' })).toEqual(['evt_3', 'evt_2', 'evt_1']);
  expect(ids({ type: 'view', shopper: ' ANNA ' })).toEqual(['evt_1']);
  expect(ids({ type: 'purchase', shopper: '' })).toEqual([]);
});
