import { Cron } from 'croner';
import { toCroner } from './cron.ts';

/** When a schedule runs. */
export interface Timing {
  /**
   * The first time after `after`, both in milliseconds since the epoch; undefined when there is none.
   * @param anchor from when a rate counts
   */
  next(after: number, anchor: number): number | undefined;
}

const RATE_PATTERN = /^rate\((\d{1,9}) (minute|hour|day)(s?)\)$/;
const CRON_PATTERN = /^cron\(([^()]{1,200})\)$/;
const AT_PATTERN = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2026-03-01T08:00:00)`.
 * @param timezone an IANA name; rates ignore it
 * @throws {RangeError} when the expression is none that AWS takes.
 */
export function parseExpression(expression: string, timezone = 'UTC'): Timing {
  const rate = RATE_PATTERN.exec(expression);
  if (rate) return everyMs(expression, rate);
  const [, fields] = CRON_PATTERN.exec(expression) ?? [];
  if (fields !== undefined) {
    return following(new Cron(toCroner(fields), { mode: '7-part', alternativeWeekdays: true, paused: true, timezone }));
  }
  const [, time] = AT_PATTERN.exec(expression) ?? [];
  if (time === undefined) throw new RangeError(`Not a schedule: ${expression}`);
  return following(new Cron(time, { paused: true, timezone }));
}

/**
 * Rules know rates and cron, in UTC.
 * @throws {RangeError}
 */
export function parseRuleExpression(expression: string): Timing {
  if (AT_PATTERN.test(expression)) throw new RangeError(`A rule cannot run at a time: ${expression}`);
  return parseExpression(expression);
}

function everyMs(expression: string, [, digits, unit, plural]: RegExpExecArray): Timing {
  const count = Number(digits);
  if (count < 1 || (count === 1) !== (plural === '')) {
    throw new RangeError(`Not a rate: ${expression}; it is rate(1 minute), but rate(2 minutes)`);
  }
  const period = count * unitMs[unit as keyof typeof unitMs];
  return { next: (after, anchor) => anchor + (Math.max(0, Math.floor((after - anchor) / period)) + 1) * period };
}

function following(cron: Cron): Timing {
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}
