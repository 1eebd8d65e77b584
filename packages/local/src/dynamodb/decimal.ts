import { validationError } from './errors.ts';

/**
 * A DynamoDB number: `coefficient × 10^exponent`, exact, up to 38 significant digits and a magnitude from 1E-130 to
 * 9.9…E+125. The coefficient ends in no zero, so that equal numbers are equal in both members.
 */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;
const TEXT_LENGTH_MAX = 1_000;
const DIGITS_MAX = 38;
const MAGNITUDE_MAX = 125;
const MAGNITUDE_MIN = -130;
const ZERO: Decimal = { coefficient: 0n, exponent: 0 };

function normalise(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return ZERO;
  const digits = coefficient.toString();
  const trimmed = digits.replace(/0+$/, '');
  return { coefficient: BigInt(trimmed), exponent: exponent + digits.length - trimmed.length };
}

function digitsOf(value: Decimal): string {
  return (value.coefficient < 0n ? -value.coefficient : value.coefficient).toString();
}

/** The power of ten of the first digit: 2 for 150, -1 for 0.5. */
function magnitudeOf(value: Decimal): number {
  return digitsOf(value).length - 1 + value.exponent;
}

function checked(value: Decimal): Decimal {
  if (value.coefficient === 0n) return value;
  if (magnitudeOf(value) > MAGNITUDE_MAX) {
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitudeOf(value) < MAGNITUDE_MIN) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (digitsOf(value).length > DIGITS_MAX) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return value;
}

/** @throws {AwsError} `ValidationException` for what is not a number or lies outside DynamoDB's range. */
export function parseDecimal(text: string): Decimal {
  const match = text.length <= TEXT_LENGTH_MAX ? NUMBER.exec(text) : null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || (whole === '' && fraction === '')) {
    throw validationError(
      text === ''
        ? 'The parameter cannot be converted to a numeric value'
        : `The parameter cannot be converted to a numeric value: ${text.slice(0, 100)}`,
    );
  }
  const magnitude = BigInt(whole + fraction);
  return checked(normalise(sign === '-' ? -magnitude : magnitude, Number(exponent) - fraction.length));
}

/** Plain notation without an exponent, as DynamoDB returns numbers. */
export function formatDecimal(value: Decimal): string {
  const sign = value.coefficient < 0n ? '-' : '';
  const digits = digitsOf(value);
  if (value.exponent >= 0) return sign + digits + '0'.repeat(value.exponent);
  const whole = digits.length + value.exponent;
  return whole > 0
    ? `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`
    : `${sign}0.${'0'.repeat(-whole)}${digits}`;
}

function sum(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (value: Decimal) => value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return { coefficient: scaled(left) + scaled(right), exponent };
}

/** @throws {AwsError} `ValidationException` when the sum leaves DynamoDB's range or precision. */
export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const { coefficient, exponent } = sum(left, right);
  return checked(normalise(coefficient, exponent));
}

export function negateDecimal(value: Decimal): Decimal {
  return { coefficient: -value.coefficient, exponent: value.exponent };
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const { coefficient } = sum(left, negateDecimal(right));
  return coefficient < 0n ? -1 : coefficient > 0n ? 1 : 0;
}

/**
 * Bytes whose order is the numbers' order, for sort keys. A sign byte, then the magnitude in two bytes, then the
 * digits; all inverted for negative numbers, with a closing 0xff so that the shorter of two sorts as the greater.
 */
export function sortableDecimal(value: Decimal): Buffer {
  if (value.coefficient === 0n) return Buffer.from([1]);
  const body = Buffer.concat([Buffer.alloc(2), Buffer.from(digitsOf(value), 'latin1')]);
  body.writeUInt16BE(magnitudeOf(value) + 1_000, 0);
  if (value.coefficient > 0n) return Buffer.concat([Buffer.from([2]), body]);
  return Buffer.concat([Buffer.from([0]), body.map((byte) => 0xff - byte), Buffer.from([0xff])]);
}
