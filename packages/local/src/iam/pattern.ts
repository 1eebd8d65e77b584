import type { Lookup } from './context.ts';

/** A text of a policy: literal characters, `*` and `?` where they count, and policy variables. */
export interface Pattern {
  readonly source: string;
  /** False when a variable of the pattern has no value: nothing is equal to it or like it. */
  matches(value: string, lookup: Lookup): boolean;
}

export interface PatternOptions {
  readonly wildcards: boolean;
  /** Whether `${…}` is resolved; not so in policies of the 2008 version. */
  readonly variables: boolean;
  readonly ignoreCase?: boolean;
}

const ANY = -1;
const ONE = -2;

/** Character codes, `ANY` and `ONE`. Numbers, so that no character of a value can be taken for a wildcard. */
type Units = readonly number[];
type Part = { readonly units: Units } | { readonly key: string; readonly fallback: string | undefined };

/** @throws {Error} when a variable is malformed. */
export function compilePattern(source: string, options: PatternOptions): Pattern {
  const { wildcards, variables, ignoreCase = false } = options;
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const parts = parse(source, wildcards, variables, fold);
  const [only] = parts;
  if (parts.length === 0 || (parts.length === 1 && only && 'units' in only)) {
    const units = only && 'units' in only ? only.units : [];
    return { source, matches: (value) => glob(units, fold(value)) };
  }
  return {
    source,
    matches(value, lookup) {
      const units: number[] = [];
      for (const part of parts) {
        if ('units' in part) {
          units.push(...part.units);
          continue;
        }
        const resolved = lookup(part.key) ?? part.fallback;
        if (resolved === undefined) return false;
        units.push(...literal(fold(resolved)));
      }
      return glob(units, fold(value));
    },
  };
}

function literal(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

function parse(source: string, wildcards: boolean, variables: boolean, fold: (text: string) => string): Part[] {
  const parts: Part[] = [];
  let units: number[] = [];
  let index = 0;
  while (index < source.length) {
    const character = source.charAt(index);
    if (variables && source.startsWith('${', index)) {
      const end = source.indexOf('}', index);
      if (end === -1) throw new Error(`The policy variable in "${source}" has no closing brace.`);
      const inner = source.slice(index + 2, end);
      if (inner === '*' || inner === '?' || inner === '$') {
        units.push(inner.charCodeAt(0));
      } else {
        if (units.length > 0) parts.push({ units });
        units = [];
        parts.push(variable(inner, source));
      }
      index = end + 1;
      continue;
    }
    if (wildcards && character === '*') {
      if (units.at(-1) !== ANY) units.push(ANY);
    } else if (wildcards && character === '?') units.push(ONE);
    else units.push(...literal(fold(character)));
    index += 1;
  }
  if (units.length > 0) parts.push({ units });
  return parts;
}

function variable(inner: string, source: string): Part {
  const match = /^\s*([A-Za-z0-9-]+:[^,{}']+?)\s*(?:,\s*'([^'{}]*)'\s*)?$/.exec(inner);
  const key = match?.[1];
  if (key === undefined) throw new Error(`The policy variable "\${${inner}}" in "${source}" is malformed.`);
  return { key, fallback: match?.[2] };
}

/** Two pointers and the last `*`: at worst the product of both lengths, where a regular expression could be exponential. */
function glob(units: Units, value: string): boolean {
  let unit = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < value.length) {
    const expected = units[unit];
    if (expected === ANY) {
      star = unit;
      starAt = at;
      unit += 1;
    } else if (expected !== undefined && (expected === ONE || expected === value.charCodeAt(at))) {
      unit += 1;
      at += 1;
    } else if (star !== -1) {
      starAt += 1;
      at = starAt;
      unit = star + 1;
    } else return false;
  }
  while (units[unit] === ANY) unit += 1;
  return unit === units.length;
}
