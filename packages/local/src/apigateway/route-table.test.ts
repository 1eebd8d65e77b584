import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRouteTable } from './route-table.ts';

const route = (method: string, path: string) => ({
  method,
  path,
  functionArn: `arn:${method} ${path}`,
  authorizer: { type: 'none' as const },
});

const table = createRouteTable([
  route('GET', '/pets/dog/1'),
  route('GET', '/pets/dog/{id}'),
  route('GET', '/pets/{proxy+}'),
  route('GET', '/pets/{kind}/food'),
  route('ANY', '/pets/dog/{id}'),
  route('ANY', '/{proxy+}'),
  route('GET', '/'),
  route('$default', '$default'),
]);

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['POST', '/pets/dog/2', 'ANY /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['GET', '/pets/cat/food', 'GET /pets/{kind}/food', { kind: 'cat' }],
  ['GET', '/pets/dog/food', 'GET /pets/dog/{id}', { id: 'food' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/pets/', 'ANY /{proxy+}', { proxy: 'pets/' }],
  ['GET', '/pets/dog/a%2Fb', 'GET /pets/dog/{id}', { id: 'a/b' }],
  ['GET', '/', 'GET /', {}],
  ['POST', '/', '$default $default', {}],
])('%s %s goes to %s', (method, path, key, pathParameters) => {
  expect(table(method, path)).toEqual({
    route: expect.objectContaining({ functionArn: `arn:${key}` }),
    pathParameters,
  });
});

test('nothing matches a path that no route covers', () => {
  expect(createRouteTable([route('GET', '/a/{b}')])('GET', '/a')).toBeUndefined();
  expect(createRouteTable([route('GET', '/a/{b}')])('GET', '/a/')).toBeUndefined();
  expect(createRouteTable([route('GET', '/a')])('GET', '/a/')).toBeUndefined();
  expect(createRouteTable([route('GET', '/a')])('HEAD', '/a')).toBeUndefined();
});

test.each([['/a/{b+}/c'], ['/a/x{b}'], ['/{a}/{a}'], ['a']])('the malformed route %s is refused', (path) => {
  expect(() => createRouteTable([route('GET', path)])).toThrow();
});

test('two routes with one key are refused', () => {
  expect(() => createRouteTable([route('GET', '/a'), route('GET', '/a')])).toThrow('GET /a');
});

const segment = fc.constantFrom('a', 'b', '{x}', '{y}');
const path = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(
    ([segments, greedy]) =>
      `/${[...segments.map((one, i) => one.replace('}', `${i}}`)), ...(greedy ? ['{rest+}'] : [])].join('/')}`,
  );
const routes = fc
  .uniqueArray(fc.tuple(fc.constantFrom('GET', 'ANY'), path), {
    selector: (one) => one.join(' '),
    minLength: 1,
    maxLength: 12,
  })
  .map((all) => all.map(([method, one]) => route(method, one)));
const asked = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);

const rank = (text: string | undefined) =>
  text === undefined ? 3 : text.endsWith('+}') ? 2 : text.startsWith('{') ? 1 : 0;
const ranks = (one: { path: string; method: string }) => [
  ...[0, 1, 2, 3].map((i) => rank(one.path.split('/').slice(1)[i])),
  one.method === 'ANY' ? 1 : 0,
];

/** Says independently whether a route covers a path: by a regular expression made from it. */
function covers(one: { method: string; path: string }, pathname: string): boolean {
  const source = one.path.replaceAll(/\{\w+\+\}/g, '.+').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`).test(pathname);
}

test('the chosen route covers the path and no other that does is more specific, in whatever order they came', () => {
  fc.assert(
    fc.property(routes, asked, fc.nat(), (all, pathname, turn) => {
      const candidates = all.filter((one) => covers(one, pathname));
      const rotated = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
      const found = createRouteTable(rotated)('GET', pathname)?.route;
      expect(found === undefined).toBe(candidates.length === 0);
      if (found === undefined) return;
      expect(candidates).toContain(found);
      for (const other of candidates) {
        const [own, theirs] = [ranks(found), ranks(other)];
        const at = own.findIndex((value, i) => value !== theirs[i]);
        if (at !== -1) expect(own[at]).toBeLessThan(theirs[at] ?? -1);
      }
    }),
    { numRuns: 500 },
  );
});
