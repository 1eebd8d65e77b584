/**
 * AWS's cron in the words of `croner`. AWS has six fields (minute, hour, day of month, month, day of week, year), counts
 * weekdays from Sunday = 1, demands a `?` in one of the two day fields, and lets a step start at a number: `0/5`.
 */

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min`, `min` + 1, and so on. */
  readonly names: readonly string[];
  /** What else one value may be. */
  readonly special?: RegExp;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const fields: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59, names: [] },
  { name: 'hours', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [], special: /^(?:L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 1, max: 7, names: weekdays, special: /^(?:L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199, names: [] },
];

/**
 * @param text the six fields, without `cron( … )`
 * @returns croner's seven, to be read with `mode: '7-part'` and `alternativeWeekdays: true`
 * @throws {RangeError} naming the field that is wrong.
 */
export function toCroner(text: string): string {
  const given = text.split(' ');
  if (given.length !== fields.length) throw new RangeError(`cron() has six fields: ${text}`);
  const [, , dayOfMonth, , dayOfWeek] = given;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new RangeError(`Exactly one of day of month and day of week is a question mark: ${text}`);
  }
  return ['0', ...fields.map((field, index) => convert(field, given[index] ?? ''))].join(' ');
}

function convert(field: Field, text: string): string {
  if (text === '*') return '*';
  if (text === '?' && field.name.startsWith('day')) return '*';
  return text
    .split(',')
    .map((part) => convertPart(field, part.toUpperCase()))
    .join(',');
}

function convertPart(field: Field, part: string): string {
  const numeric = part.replace(/[A-Z]{3}/g, (name) => {
    const index = field.names.indexOf(name);
    return index < 0 ? name : String(field.min + index);
  });
  if (field.special?.test(numeric))
    return field.name === 'day of week' && numeric === 'L' ? String(field.max) : numeric;
  const [, first, last, step] = /^(\*|\d{1,4})(?:-(\d{1,4}))?(?:\/(\d{1,4}))?$/.exec(numeric) ?? [];
  if (first === undefined || (first === '*' && last !== undefined)) throw wrong(field, part);
  const from = first === '*' ? field.min : Number(first);
  const to = last === undefined ? (step === undefined ? from : field.max) : Number(last);
  const every = step === undefined ? 1 : Number(step);
  if (from < field.min || to > field.max || from > to || every < 1) throw wrong(field, part);
  // Written out, since croner refuses steps that are longer than the range that they are in.
  if (first !== '*' && from === to) return String(from);
  return step === undefined ? `${from}-${to}` : stepped(from, to, every);
}

function stepped(from: number, to: number, every: number): string {
  const values = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
  return values.join(',');
}

function wrong(field: Field, part: string): RangeError {
  return new RangeError(`Not a ${field.name} of cron(): ${part}`);
}
