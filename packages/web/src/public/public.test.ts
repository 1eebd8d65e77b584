import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChangelog } from './changelog.ts';
import { historyOf } from './status/history.ts';
import type { Incident } from './status/incidents.ts';
import { publicEn } from './words/en.ts';
import { publicKo } from './words/ko.ts';

/** The words' names and the shape of each, as far as languages must agree. */
const shapeOf = (value: unknown): unknown => {
  if (typeof value === 'function') return `function of ${value.length}`;
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
  }
  return typeof value;
};

it('says everything in both languages', () => {
  expect(shapeOf(publicKo)).toEqual(shapeOf(publicEn));
});

it('marks every legal page as a frame to be filled in', () => {
  for (const { legal } of [publicEn, publicKo]) {
    for (const sections of Object.values(legal.pages)) expect(JSON.stringify(sections)).toMatch(/\[[^\]]+\]/);
  }
});

describe('the changelog', () => {
  it('is read with its releases, groups and entries, without markup', () => {
    const text =
      '# Changelog\n\nAbout.\n\n## [Unreleased]\n\n### Added\n\n- One `thing`, see [docs](a.md),\n  on two lines.\n- Another.\n';
    expect(readChangelog(text)).toEqual([
      {
        title: 'Unreleased',
        groups: [{ title: 'Added', entries: ['One thing, see docs, on two lines.', 'Another.'] }],
      },
    ]);
  });

  it('is read whatever stands in it', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('## x', '### y', '- z', '  more', ''));
    fc.assert(fc.property(fc.array(line), (lines) => void readChangelog(lines.join('\n'))));
  });
});

describe('the history of the status', () => {
  const DAY_MINUTES = 1440;
  const until = new Date('2026-11-30T23:59:59.000Z');
  const incident = (from: string, to?: string, impact: Incident['impact'] = 'outage'): Incident => ({
    from,
    ...(to ? { to } : {}),
    impact,
    title: { en: 't', ko: 't' },
    updates: [],
  });

  it('parts an incident between its days, and counts two at the same time once', () => {
    const both = [
      incident('2026-11-29T23:30:00.000Z', '2026-11-30T00:20:00.000Z'),
      incident('2026-11-29T23:45:00.000Z', '2026-11-30T00:10:00.000Z', 'degraded'),
    ];
    expect(historyOf(both, '2026-11-30', 3, until)).toEqual([
      { day: '2026-11-28', minutes: 0 },
      { day: '2026-11-29', minutes: 30 },
      { day: '2026-11-30', minutes: 20 },
    ]);
  });

  it('leaves out maintenance that was announced, and goes on with what is not over', () => {
    const open = [
      incident('2026-11-30T23:00:00.000Z'),
      incident('2026-11-29T00:00:00.000Z', '2026-11-29T05:00:00.000Z', 'maintenance'),
    ];
    expect(historyOf(open, '2026-11-30', 2, until)).toEqual([
      { day: '2026-11-29', minutes: 0 },
      { day: '2026-11-30', minutes: 60 },
    ]);
  });

  it('never has a day with more minutes than a day has, and as many days as were asked for', () => {
    const moment = fc
      .date({ min: new Date('2026-10-01'), max: until, noInvalidDate: true })
      .map((date) => date.toISOString());
    const any = fc.tuple(moment, moment).map(([a, b]) => (a < b ? incident(a, b) : incident(b, a)));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.integer({ min: 1, max: 90 }), (incidents, days) => {
        const history = historyOf(incidents, '2026-11-30', days, until);
        expect(history).toHaveLength(days);
        for (const { minutes } of history) {
          expect(minutes).toBeGreaterThanOrEqual(0);
          expect(minutes).toBeLessThanOrEqual(DAY_MINUTES);
        }
      }),
    );
  });
});
