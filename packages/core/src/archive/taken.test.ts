import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nothingTaken, notTaken, type Taken, taking } from './taken.ts';

const start = Date.parse('2026-11-10T00:00:00.000Z');
const HOUR_MS = 3_600_000;
const fileAt = (hour: number, name: number): string =>
  `dt=${new Date(start + hour * HOUR_MS).toISOString().slice(0, 10)}/${name}.ndjson`;

it('every file is taken once, also one that comes a day late, whenever is looked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ hour: fc.nat({ max: 400 }), late: fc.nat({ max: 24 }) }), { maxLength: 60 }),
      fc.array(fc.nat({ max: 430 }), { maxLength: 20 }),
      (arrivals, looks) => {
        const times: string[] = [];
        let taken: Taken = nothingTaken;
        for (const at of [...looks, 430].sort((a, b) => a - b)) {
          const there = arrivals.flatMap(({ hour, late }, name) => (hour + late <= at ? [fileAt(hour, name)] : []));
          const listed = there.filter((file) => file.slice(3, 13) >= taken.since);
          const next = notTaken(taken, listed);
          times.push(...next);
          taken = taking(taken, next, new Date(start + at * HOUR_MS));
        }
        expect(times.sort()).toEqual(arrivals.map(({ hour }, name) => fileAt(hour, name)).sort());
      },
    ),
  );
});

it('what is remembered does not grow with the archive', () => {
  let taken: Taken = nothingTaken;
  for (let hour = 0; hour < 2000; hour++) {
    const now = new Date(start + hour * HOUR_MS);
    taken = taking(taken, [fileAt(hour, hour)], now);
  }
  expect(taken.files.length).toBeLessThanOrEqual(3 * 24);
});
