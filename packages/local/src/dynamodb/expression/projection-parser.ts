import { Cursor } from './cursor.ts';
import { formatPath, type Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';

/** Parses a comma-separated list of paths. @throws {AwsError} `ValidationException`. */
export function parseProjection(expression: string, placeholders: Placeholders): readonly Path[] {
  const cursor = new Cursor(expression, 'ProjectionExpression', placeholders);
  const paths = [cursor.path()];
  while (cursor.take(',')) paths.push(cursor.path());
  cursor.expectEnd();
  assertDisjoint(cursor, paths);
  return paths;
}

/** @throws {AwsError} `ValidationException` where one path lies within another, or takes a list for a map. */
export function assertDisjoint(cursor: Cursor, paths: readonly Path[]): void {
  const sorted = paths.map((path) => ({ path, key: path.map((step) => `${typeof step}:${step}`) }));
  sorted.sort((left, right) => compareKeys(left.key, right.key));
  for (const [index, { path, key }] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (!previous) continue;
    const differs = previous.key.findIndex((step, position) => step !== key[position]);
    const shown = `path one: ${formatPath(previous.path)}, path two: ${formatPath(path)}`;
    if (differs === -1) {
      throw cursor.invalid(
        `Two document paths overlap with each other; must remove or rewrite one of these paths; ${shown}`,
      );
    }
    if (typeof previous.path[differs] !== typeof path[differs]) {
      throw cursor.invalid(
        `Two document paths conflict with each other; must remove or rewrite one of these paths; ${shown}`,
      );
    }
  }
}

/** Puts a path right before those that it encloses. */
function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (const [index, step] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (step !== other) return step < other ? -1 : 1;
  }
  return left.length - right.length;
}
