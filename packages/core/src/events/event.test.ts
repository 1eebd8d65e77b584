import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource, isTenantId } from '../ids/id.ts';
import { checkEvents } from './event.ts';
import { eventKey, parseEventRow } from './store.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const newId = createIdSource(() => now);
const context = { now, newId };
const event = { shopperId: 'shopper-1', itemId: 'sku-1', type: 'view' };
const tenantId = newId('tenant', now);
const tenant = isTenantId(tenantId) ? tenantId : undefined;
if (!tenant) throw new Error('no tenant id');

describe('the events of a batch', () => {
  it('get a verdict each, in their order, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.constant(event)), { maxLength: 40 }), (inputs) => {
        const { events, verdicts } = checkEvents(inputs, context);
        expect(verdicts.map(({ index }) => index)).toEqual(inputs.map((_, index) => index));
        expect(verdicts.filter(({ verdict }) => verdict === 'accepted')).toHaveLength(events.length);
        for (const verdict of verdicts) {
          if (verdict.verdict === 'rejected') expect(verdict.errors?.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('have a key that is a function of the id alone, so that a retry is the same row', () => {
    const id = newId('event', now - 5000);
    const keys = [now, now + 60_000].map((at) => {
      const [checked] = checkEvents([{ ...event, id }], { now: at, newId }).events;
      return checked && eventKey(tenant, checked);
    });
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]?.sk).toBe(`2026-11-20T11:59:55.000Z#${id}`);
  });

  it.each([
    ['an id of another kind', { id: newId('tenant', now) }, 'events.0.id'],
    [
      'a time that is not that of the id',
      { id: newId('event', now), time: '2026-11-20T11:00:00.000Z' },
      'events.0.time',
    ],
    ['a time in the future', { time: '2026-11-20T13:00:00.000Z' }, 'events.0.time'],
    ['a time without a zone', { time: '2026-11-20T11:00:00.000' }, 'events.0.time'],
    ['an unknown type', { type: 'stare' }, 'events.0.type'],
    ['an over-long item', { itemId: 'x'.repeat(129) }, 'events.0.itemId'],
    ['an unknown field', { tenantId: 'ten_1' }, 'events.0.tenantId'],
    ['a time before 1970', { time: '1969-12-31T23:59:59.999Z' }, 'events.0.time'],
  ])('are rejected for %s, naming the field', (_, change, field) => {
    const { events, verdicts } = checkEvents([{ ...event, ...change }], context);
    expect(events).toEqual([]);
    expect(verdicts[0]?.errors?.map((error) => error.field)).toContain(field);
  });
});

it('reads from a row the event that was written to it, whatever the shopper’s id', () => {
  const opaque = fc.string({ unit: fc.constantFrom('a', '#', '/', '~', '9', '%'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(opaque, opaque, (shopperId, itemId) => {
      const [checked] = checkEvents([{ shopperId, itemId, type: 'cart' }], context).events;
      if (!checked) throw new Error('rejected');
      const { shopperId: _s, id: _i, time: _t, ...rest } = checked;
      expect(parseEventRow({ ...eventKey(tenant, checked), ...rest, expiresAt: 1 })).toEqual({
        tenantId: tenant,
        event: checked,
      });
    }),
  );
});
