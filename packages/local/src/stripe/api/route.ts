/** A route of the API: what it takes and what it does. */

import * as z from 'zod';
import type { Work } from '../billing/work.ts';
import { LIMIT_DEFAULT, type Page } from '../store/database.ts';
import { missing, type StripeError } from '../wire/error.ts';
import { type Paging, readParams } from '../wire/params.ts';

/** Path parameters by position: `['cus_…']`. */
export type PathIds = readonly string[];

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/v1/customers/:id`; every segment that begins with a colon is a parameter. */
  readonly path: string;
  /** Reads the parameters. @throws {StripeError} */
  read(tree: unknown): (work: Work, ids: PathIds) => object;
}

/**
 * @param run gives the answer. A `StripeError` that it returns is an answer whose effects stay, unlike one that it throws.
 */
export function route<Shape extends z.ZodRawShape>(
  method: Route['method'],
  path: string,
  shape: Shape,
  run: (
    work: Work,
    params: z.infer<z.ZodObject<Shape, z.core.$strict>>,
    id: string,
    second: string,
  ) => object | StripeError,
): Route {
  const schema = z.strictObject(shape);
  return {
    method,
    path,
    read(tree) {
      const params = readParams(schema, tree);
      return (work, [id = '', second = '']) => run(work, params, id, second);
    },
  };
}

export function listOf<T extends object>(url: string, { data, hasMore }: Page<T>): object {
  return { object: 'list', data, has_more: hasMore, url };
}

/** A page of what is not kept as objects but made for the answer. @throws {StripeError} when a cursor names nothing */
export function pageOf<T extends { readonly id: string }>(all: readonly T[], paging: Paging): Page<T> {
  const { limit = LIMIT_DEFAULT, starting_after, ending_before } = paging;
  const place = (id: string, param: string): number => {
    const found = all.findIndex((entry) => entry.id === id);
    if (found < 0) throw missing('object', id, param);
    return found;
  };
  if (ending_before !== undefined) {
    const end = place(ending_before, 'ending_before');
    return { data: all.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  const start = starting_after === undefined ? 0 : place(starting_after, 'starting_after') + 1;
  return { data: all.slice(start, start + limit), hasMore: all.length > start + limit };
}

/** The same path with the ids left out, to match by. */
export function matchPath(pattern: string, path: string): string[] | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const ids: string[] = [];
  for (const [place, part] of expected.entries()) {
    const actual = given[place] ?? '';
    if (part.startsWith(':') && actual !== '') ids.push(decodeURIComponent(actual));
    else if (part !== actual) return undefined;
  }
  return ids;
}

/** Without the fields that were not given, which are left as they are. */
export const definedOnly = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
