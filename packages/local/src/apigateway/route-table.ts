import { type RouteSpec, routeKey } from './route.ts';

export interface RouteMatch {
  readonly route: RouteSpec;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type RouteTable = (method: string, path: string) => RouteMatch | undefined;

type Segment = { readonly rank: 0; readonly text: string } | { readonly rank: 1 | 2; readonly name: string };

interface CompiledRoute {
  readonly route: RouteSpec;
  readonly segments: readonly Segment[];
}

/**
 * Finds the most specific route: segment by segment a literal goes before `{name}` and `{name}` before `{name+}`, then
 * a method before `ANY`, and `$default` comes last. Paths are compared as sent, so an encoded slash is no separator,
 * and a trailing slash makes another path.
 * @throws {Error} for a malformed path or two routes with the same key.
 */
export function createRouteTable(routes: readonly RouteSpec[]): RouteTable {
  const keys = new Set<string>();
  for (const route of routes) {
    const key = routeKey(route);
    if (keys.has(key)) throw new Error(`Two routes have the key ${key}.`);
    keys.add(key);
  }
  const fallback = routes.find((route) => route.path === '$default');
  const compiled = routes
    .filter((route) => route !== fallback)
    .map((route) => ({ route, segments: compile(route.path) }))
    .sort(moreSpecificFirst);

  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const { route, segments } of compiled) {
      if (route.method !== method && route.method !== 'ANY') continue;
      const pathParameters = match(segments, parts);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function compile(path: string): Segment[] {
  if (!path.startsWith('/')) throw new Error(`A route's path begins with a slash: ${path}`);
  const names = new Set<string>();
  return path
    .split('/')
    .slice(1)
    .map((text, index, all): Segment => {
      const variable = /^\{([A-Za-z0-9_.-]+)(\+?)\}$/.exec(text);
      if (variable === null) {
        if (/[{}]/.test(text)) throw new Error(`A variable is a whole segment: ${path}`);
        return { rank: 0, text };
      }
      const [, name = '', greedy] = variable;
      if (names.has(name)) throw new Error(`Two variables have the name ${name}: ${path}`);
      names.add(name);
      if (greedy === '') return { rank: 1, name };
      if (index !== all.length - 1) throw new Error(`A greedy variable comes last: ${path}`);
      return { rank: 2, name };
    });
}

function moreSpecificFirst(a: CompiledRoute, b: CompiledRoute): number {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    // Routes of different lengths meet only where the shorter one is greedy, and that decides before its end.
    const difference = (a.segments[index]?.rank ?? 2) - (b.segments[index]?.rank ?? 2);
    if (difference !== 0) return difference;
  }
  return Number(a.route.method === 'ANY') - Number(b.route.method === 'ANY');
}

function match(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.rank === 0) {
      if (decodeURIComponent(part) !== segment.text) return undefined;
      continue;
    }
    const value = segment.rank === 1 ? part : parts.slice(index).join('/');
    if (value === '') return undefined;
    parameters[segment.name] = decodeURIComponent(value);
    if (segment.rank === 2) return parameters;
  }
  return segments.length === parts.length ? parameters : undefined;
}
