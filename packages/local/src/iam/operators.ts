import { BlockList, isIP } from 'node:net';
import { compileArnPattern, splitArn } from './arn-pattern.ts';
import type { Lookup } from './context.ts';
import { compilePattern } from './pattern.ts';

/** Whether one value of the request is matched by any value of the policy; undefined when it is not of the operator's kind. */
export type ValueTest = (value: string, lookup: Lookup) => boolean | undefined;

export interface Operator {
  /** True for the operators that hold when nothing matches, such as `StringNotEquals`. */
  readonly negated: boolean;
  /** @throws {Error} when a policy value is not of the operator's kind. */
  compile(values: readonly string[], variables: boolean): ValueTest;
}

type Compile = Operator['compile'];

const strings =
  (options: { wildcards: boolean; ignoreCase?: boolean }): Compile =>
  (values, variables) => {
    const patterns = values.map((value) => compilePattern(value, { ...options, variables }));
    return (value, lookup) => patterns.some((pattern) => pattern.matches(value, lookup));
  };

const arns: Compile = (values, variables) => {
  const patterns = values.map((value) => compileArnPattern(value, variables));
  return (value, lookup) =>
    splitArn(value) === undefined ? undefined : patterns.some((pattern) => pattern.matches(value, lookup));
};

const ordered =
  (parse: (text: string) => number | undefined, kind: string, holds: (asked: number, policy: number) => boolean) =>
  (values: readonly string[]): ValueTest => {
    const limits = values.map((value) => {
      const limit = parse(value);
      if (limit === undefined) throw new Error(`"${value}" is not a ${kind}.`);
      return limit;
    });
    return (value) => {
      const asked = parse(value);
      return asked === undefined ? undefined : limits.some((limit) => holds(asked, limit));
    };
  };

const parseNumber = (text: string): number | undefined =>
  /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;

/** W3C's profile of ISO 8601, or seconds since the epoch. */
const parseDate = (text: string): number | undefined => {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1000;
  if (!/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

const parseBoolean = (text: string): number | undefined => {
  const lower = text.toLowerCase();
  return lower === 'true' ? 1 : lower === 'false' ? 0 : undefined;
};

const equal = (asked: number, policy: number) => asked === policy;

const binary: Compile = (values) => {
  const wanted = values.map((value) => {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new Error(`"${value}" is not base64.`);
    return Buffer.from(value, 'base64').toString('base64');
  });
  return (value) => wanted.includes(Buffer.from(value, 'base64').toString('base64'));
};

const addresses: Compile = (values) => {
  const list = new BlockList();
  for (const value of values) {
    const [address = '', prefix] = value.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    if (version === 0 || !/^\d+$/.test(prefix ?? '0') || bits > (version === 6 ? 128 : 32)) {
      throw new Error(`"${value}" is not an IP address or range.`);
    }
    list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return (value) => {
    const version = isIP(value);
    return version === 0 ? undefined : list.check(value, version === 6 ? 'ipv6' : 'ipv4');
  };
};

const both = (name: string, compile: Compile): Record<string, Operator> => ({
  [name]: { negated: false, compile },
  [name.replace(/^(String|Numeric|Date|Arn|(?=Ip))/, '$1Not')]: { negated: true, compile },
});

const comparisons = (prefix: string, parse: (text: string) => number | undefined, kind: string) => {
  const one = (holds: (asked: number, policy: number) => boolean): Operator => ({
    negated: false,
    compile: ordered(parse, kind, holds),
  });
  return {
    ...both(`${prefix}Equals`, ordered(parse, kind, equal)),
    [`${prefix}LessThan`]: one((asked, policy) => asked < policy),
    [`${prefix}LessThanEquals`]: one((asked, policy) => asked <= policy),
    [`${prefix}GreaterThan`]: one((asked, policy) => asked > policy),
    [`${prefix}GreaterThanEquals`]: one((asked, policy) => asked >= policy),
  };
};

/** Every condition operator of IAM but `Null`, which looks at no value. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...both('StringEquals', strings({ wildcards: false })),
    ...both('StringEqualsIgnoreCase', strings({ wildcards: false, ignoreCase: true })),
    ...both('StringLike', strings({ wildcards: true })),
    ...both('ArnEquals', arns),
    ...both('ArnLike', arns),
    ...both('IpAddress', addresses),
    ...comparisons('Numeric', parseNumber, 'number'),
    ...comparisons('Date', parseDate, 'date'),
    Bool: { negated: false, compile: ordered(parseBoolean, 'boolean', equal) },
    BinaryEquals: { negated: false, compile: binary },
  }),
);
