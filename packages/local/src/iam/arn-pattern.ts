import type { Lookup } from './context.ts';
import { compilePattern, type Pattern } from './pattern.ts';

const SEGMENTS = 6;

/** Partition, service, region, account and the rest, which may hold colons itself. Undefined when it is no ARN. */
export function splitArn(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < SEGMENTS || parts[0] !== 'arn') return undefined;
  return [...parts.slice(0, SEGMENTS - 1), parts.slice(SEGMENTS - 1).join(':')];
}

/**
 * An ARN with wildcards. Each of the six segments is matched by itself, so that a `*` in one never reaches into the next.
 * @throws {Error} when it is not an ARN.
 */
export function compileArnPattern(source: string, variables: boolean): Pattern {
  // Colons of variables are not separators. Their braces are, so far, unchecked: compilePattern does that.
  const segments = splitArn(variables ? source.replace(/\$\{[^}]*\}/g, (text) => text.replaceAll(':', '\n')) : source);
  if (!segments || segments.some((segment, index) => segment === '' && index !== 3 && index !== 4)) {
    throw new Error(`"${source}" is not an ARN.`);
  }
  const patterns = segments.map((segment) =>
    compilePattern(segment.replaceAll('\n', ':'), { wildcards: true, variables }),
  );
  return {
    source,
    matches(value: string, lookup: Lookup) {
      const parts = splitArn(value);
      return parts !== undefined && patterns.every((pattern, index) => pattern.matches(parts[index] ?? '', lookup));
    },
  };
}
