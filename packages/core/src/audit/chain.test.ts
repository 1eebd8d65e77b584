import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import type { AuditRecord } from './audit.ts';
import { type ChainPlace, chainStart, type Link, linkAfter, verifyLinks } from './chain.ts';

const tenantId = newId('tenant');
const at = new Date('2026-11-30T12:00:00.000Z');
const text = fc.string({ maxLength: 12 });
const entries = fc
  .array(
    fc.record({
      at: text,
      actor: text,
      action: text,
      details: fc.dictionary(text, fc.oneof(text, fc.integer())),
    }),
    { minLength: 2, maxLength: 12 },
  )
  .map((list) => list.map((entry): AuditRecord => ({ ...entry, id: newId('audit') })));

function seal(list: readonly AuditRecord[]): { links: readonly Link[]; head: ChainPlace } {
  const links: Link[] = [];
  let head: ChainPlace = chainStart;
  for (const entry of list) {
    const link = linkAfter(head, tenantId, entry, at);
    links.push(link);
    head = link;
  }
  return { links, head };
}

/** Whether a log with this head is found to be whole. */
function isWhole(list: readonly AuditRecord[], links: readonly Link[], head: ChainPlace): boolean {
  const byId = new Map(list.map((entry) => [entry.id, entry]));
  const { place, broken } = verifyLinks(chainStart, tenantId, links, byId);
  return !broken && place.number === head.number && place.hash === head.hash;
}

const placed = fc.tuple(entries, fc.nat(), fc.nat());

describe('a chain', () => {
  it('of untouched entries is whole, in one go or in pages', () => {
    fc.assert(
      fc.property(placed, ([list, cut]) => {
        const { links, head } = seal(list);
        expect(isWhole(list, links, head)).toBe(true);
        const byId = new Map(list.map((entry) => [entry.id, entry]));
        const middle = cut % list.length;
        const { place } = verifyLinks(chainStart, tenantId, links.slice(0, middle), byId);
        expect(verifyLinks(place, tenantId, links.slice(middle), byId).place.hash).toBe(head.hash);
      }),
    );
  });

  it('shows any change of an entry', () => {
    const fields = fc.constantFrom('at', 'actor', 'action', 'details');
    fc.assert(
      fc.property(placed, fields, text, ([list, index], field, value) => {
        const { links, head } = seal(list);
        const changed = list.map((entry, i) => {
          if (i !== index % list.length) return entry;
          return field === 'details'
            ? { ...entry, details: { ...entry.details, more: value } }
            : { ...entry, [field]: value };
        });
        fc.pre(JSON.stringify(changed) !== JSON.stringify(list));
        expect(isWhole(changed, links, head)).toBe(false);
      }),
    );
  });

  it('shows an entry that is gone, with its link or without', () => {
    fc.assert(
      fc.property(placed, ([list, index]) => {
        const { links, head } = seal(list);
        const gone = index % list.length;
        const rest = list.filter((_, i) => i !== gone);
        expect(isWhole(rest, links, head)).toBe(false);
        expect(
          isWhole(
            rest,
            links.filter((_, i) => i !== gone),
            head,
          ),
        ).toBe(false);
      }),
    );
  });

  it('shows a change of the order, of entries, of links or of what links say', () => {
    fc.assert(
      fc.property(placed, ([list, a, b]) => {
        const [one, other] = [a % list.length, b % list.length];
        fc.pre(one !== other);
        const { links, head } = seal(list);
        const swap = <T>(items: readonly T[]): readonly T[] =>
          items.map((item, i) => (i === one ? items[other] : i === other ? items[one] : item) ?? item);
        expect(isWhole(list, swap(links), head)).toBe(false);
        const renumbered = swap(links).map((link, i) => ({ ...link, number: i + 1 }));
        expect(isWhole(list, renumbered, head)).toBe(false);
        expect(isWhole(list, seal(swap(list)).links, head)).toBe(false);
      }),
    );
  });

  it('that was sealed anew after a change ends elsewhere than it did', () => {
    fc.assert(
      fc.property(placed, text, ([list, index], value) => {
        const { head } = seal(list);
        const changed = list.map((entry, i) => (i === index % list.length ? { ...entry, actor: `${value}!` } : entry));
        fc.pre(JSON.stringify(changed) !== JSON.stringify(list));
        expect(seal(changed).head.hash).not.toBe(head.hash);
      }),
    );
  });

  it('names the first place that is wrong', () => {
    const list = ['a', 'b', 'c'].map(
      (action): AuditRecord => ({ id: newId('audit'), at: '', actor: '', action, details: {} }),
    );
    const { links } = seal(list);
    const [first, second, third] = list;
    if (!first || !second || !third) throw new Error('three entries');
    const byId = new Map([first, { ...second, actor: 'somebody else' }, third].map((entry) => [entry.id, entry]));
    expect(verifyLinks(chainStart, tenantId, links, byId).broken).toEqual({
      number: 2,
      entryId: second.id,
      reason: 'changed',
    });
    byId.delete(second.id);
    expect(verifyLinks(chainStart, tenantId, links, byId).broken?.reason).toBe('missing-entry');
    expect(verifyLinks(chainStart, tenantId, links.slice(1), byId).broken?.reason).toBe('missing-link');
  });

  it('of one tenant says nothing for another', () => {
    const entry: AuditRecord = { id: newId('audit'), at: '', actor: '', action: 'a', details: {} };
    const { links } = seal([entry]);
    const { broken } = verifyLinks(chainStart, newId('tenant'), links, new Map([[entry.id, entry]]));
    expect(broken?.reason).toBe('changed');
  });
});
