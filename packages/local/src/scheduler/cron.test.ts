import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCroner } from './cron.ts';
import { parseExpression } from './expression.ts';

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** A field's text beside the values that it means. */
interface Field {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}
/** Days are matched whole, since some fields look at the month around them. */
interface DayField {
  readonly text: string;
  readonly holds: (day: Date) => boolean;
}

const any: Field = { text: '*', holds: () => true };

function items(min: number, max: number, names: readonly string[] = []): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max });
  const name = (number: number): string => names[number - min] ?? String(number);
  const item = fc.oneof(
    value.map((one): Field => ({ text: name(one), holds: (other) => other === one })),
    fc.tuple(value, value).map(([one, other]): Field => {
      const [from, to] = one < other ? [one, other] : [other, one];
      return { text: `${name(from)}-${name(to)}`, holds: (number) => number >= from && number <= to };
    }),
    fc.tuple(value, fc.integer({ min: 1, max: max - min })).map(
      ([from, step]): Field => ({
        text: `${from}/${step}`,
        holds: (number) => number >= from && (number - from) % step === 0,
      }),
    ),
    fc.integer({ min: 1, max: max - min }).map(
      (step): Field => ({
        text: `*/${step}`,
        holds: (number) => (number - min) % step === 0,
      }),
    ),
  );
  const list = fc.array(item, { minLength: 1, maxLength: 3 }).map(
    (all): Field => ({
      text: all.map(({ text }) => text).join(','),
      holds: (number) => all.some(({ holds }) => holds(number)),
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: list }, { weight: 1, arbitrary: fc.constant(any) });
}

const lastDay = (day: Date): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
const weekday = (day: Date): number => day.getUTCDay() + 1;
/** The weekday (Monday to Friday) nearest to a day of a month, within that month. */
function nearestWorkday(day: Date, wanted: number): number {
  const at = (date: number): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (at(wanted) === 6) return wanted === 1 ? 3 : wanted - 1;
  if (at(wanted) === 0) return wanted === lastDay(day) ? wanted - 2 : wanted + 1;
  return wanted;
}

const dayOfMonth: fc.Arbitrary<DayField> = fc.oneof(
  items(1, 31).map(({ text, holds }): DayField => ({ text, holds: (day) => holds(day.getUTCDate()) })),
  fc.constant<DayField>({ text: 'L', holds: (day) => day.getUTCDate() === lastDay(day) }),
  fc.constant<DayField>({ text: 'LW', holds: (day) => day.getUTCDate() === nearestWorkday(day, lastDay(day)) }),
  fc.integer({ min: 1, max: 28 }).map(
    (date): DayField => ({
      text: `${date}W`,
      holds: (day) => day.getUTCDate() === nearestWorkday(day, date),
    }),
  ),
);
const dayOfWeek: fc.Arbitrary<DayField> = fc.oneof(
  items(1, 7, weekdays).map(({ text, holds }): DayField => ({ text, holds: (day) => holds(weekday(day)) })),
  fc.constant<DayField>({ text: 'L', holds: (day) => weekday(day) === 7 }),
  fc.integer({ min: 1, max: 7 }).map(
    (number): DayField => ({
      text: `${number}L`,
      holds: (day) => weekday(day) === number && day.getUTCDate() + 7 > lastDay(day),
    }),
  ),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 })).map(
    ([number, nth]): DayField => ({
      text: `${number}#${nth}`,
      holds: (day) => weekday(day) === number && Math.ceil(day.getUTCDate() / 7) === nth,
    }),
  ),
);

const cron = fc
  .record({
    minutes: items(0, 59),
    hours: items(0, 23),
    month: items(1, 12, months),
    day: fc.oneof(
      dayOfMonth.map((field) => ({ ...field, fields: [field.text, '?'] })),
      dayOfWeek.map((field) => ({ ...field, fields: ['?', field.text] })),
    ),
    year: fc.constantFrom(any, { text: '2027', holds: (year: number) => year === 2027 }),
  })
  .map(({ minutes, hours, month, day, year }) => ({
    text: [minutes.text, hours.text, day.fields[0], month.text, day.fields[1], year.text].join(' '),
    next(after: number): number | undefined {
      const start = new Date(after);
      start.setUTCHours(0, 0, 0, 0);
      for (let offset = 0; offset < 3 * 366; offset += 1) {
        const date = new Date(start.getTime() + offset * 86_400_000);
        if (!year.holds(date.getUTCFullYear()) || !month.holds(date.getUTCMonth() + 1) || !day.holds(date)) continue;
        for (let minute = 0; minute < 1440; minute += 1) {
          const time = date.getTime() + minute * 60_000;
          if (time > after && hours.holds(Math.floor(minute / 60)) && minutes.holds(minute % 60)) return time;
        }
      }
      return undefined;
    },
  }));

const from = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2026-12-31T00:00:00Z'),
  noInvalidDate: true,
});

describe('cron', () => {
  test('every expression runs at the minutes that AWS means', () => {
    fc.assert(
      fc.property(cron, from, (expression, start) => {
        const expected = expression.next(start.getTime());
        const found = parseExpression(`cron(${expression.text})`).next(start.getTime(), 0);
        // Days that do not come in three years (31 February) are not looked for further.
        fc.pre(expected !== undefined || found === undefined || found - start.getTime() < 3 * 366 * 86_400_000);
        expect(found && new Date(found)).toEqual(expected && new Date(expected));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['0 8 * * ? *', '0 0 8 * * * *'],
    ['0/15 * ? * 2-6 *', '0 0,15,30,45 * * * 2-6 *'],
    ['5 0 ? * sun,MON *', '0 5 0 * * 1,2 *'],
    ['0 10 L * ? 2026-2030', '0 0 10 L * * 2026-2030'],
    ['0 10 ? * L *', '0 0 10 * * 7 *'],
  ])('%s is %s', (given, expected) => expect(toCroner(given)).toBe(expected));

  test.each([
    ['0 8 * * * *', 'no question mark'],
    ['0 8 ? * ? *', 'two question marks'],
    ['0 8 * * ?', 'five fields'],
    ['60 8 * * ? *', 'minute 60'],
    ['0 24 * * ? *', 'hour 24'],
    ['0 8 0 * ? *', 'day 0'],
    ['0 8 ? * 0 *', 'weekday 0'],
    ['0 8 ? * 8 *', 'weekday 8'],
    ['0 8 ? * 2#6 *', 'a sixth Monday'],
    ['0 8 * 13 ? *', 'month 13'],
    ['0 8 * * ? 1969', 'year 1969'],
    ['0/0 8 * * ? *', 'a step of nothing'],
    ['9-5 8 * * ? *', 'a range that runs backwards'],
    ['0 ? * * ? *', 'a question mark for the hour'],
    ['0 8 * FOO ? *', 'an unknown month'],
    ['0 8 ? * MONDAY *', 'a long name'],
  ])('%s is refused: %s', (given) => expect(() => toCroner(given)).toThrow(RangeError));
});
