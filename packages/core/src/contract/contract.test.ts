import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../errors/codes.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';
import { problemStatus } from './problem.ts';
import { apiFunctions, type Route } from './route.ts';
import { contract, routes } from './routes.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

describe('the contract', () => {
  it('names every route by its key, and no two by one method and path', () => {
    for (const [key, route] of Object.entries(contract)) expect(route.id).toBe(key);
    const addresses = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('gives every function something to answer', () => {
    const used = new Set(routes.map((route) => route.function));
    expect([...used].sort()).toEqual([...apiFunctions].sort());
  });

  it('never takes the tenant from a path, a query or a body of the tenant API', () => {
    for (const route of routes.filter(({ access }) => access.by === 'member' || access.by === 'apiKey')) {
      const named = JSON.stringify([route.path, route.params?.shape, route.query?.shape, route.example?.request]);
      expect(named, route.id).not.toMatch(/tenantId/);
    }
  });

  it.each(routes.filter(({ body }) => body).map((route): [string, Route] => [route.id, route]))(
    'bounds the body of %s and has an example that its schema takes',
    (_, route) => {
      expect(route.bodyBytesMax).toBeGreaterThan(0);
      expect(route.body?.safeParse(route.example?.request).success ?? false).toBe(true);
    },
  );

  it('has a path parameter’s schema for each placeholder', () => {
    for (const route of routes) {
      const placeholders = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(route.params?.shape ?? {}).sort(), route.id).toEqual(placeholders.sort());
    }
  });

  it('takes an idempotency key for what members create, and for nothing that is the same when it is sent twice', () => {
    const taking = routes.filter(({ idempotent }) => idempotent);
    expect(taking.map(({ id }) => id)).toContain('createApiKey');
    for (const { id, method, access } of taking) expect([id, method, access.by]).toEqual([id, 'POST', 'member']);
  });

  it('has a client error status for every code but those that are the system’s own fault', () => {
    for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
      const own = ['internal', 'unavailable', 'payment_unavailable'].includes(code);
      expect(problemStatus[code] >= 500, code).toBe(own);
    }
  });
});

describe('the OpenAPI document', () => {
  const document = openApiDocument('https://example.com') as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };

  it('has exactly the routes of the contract, with their security', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(contract).sort());
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      const open = ['anyone', 'stripe', 'site'].includes(route.access.by);
      expect(operation?.security.length, route.id).toBe(open ? 0 : 1);
      expect(Object.keys(operation?.responses ?? {}), route.id).toContain(String(route.response.status));
    }
  });

  it('says of every route that takes an idempotency key so, and of no other', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      const text = JSON.stringify(operation);
      expect(text.includes('"Idempotency-Key"'), route.id).toBe(route.idempotent === true);
      expect(text.includes('idempotency_in_progress'), route.id).toBe(route.idempotent === true);
      expect(Object.hasOwn(operation?.responses ?? {}, '422'), route.id).toBe(route.idempotent === true);
    }
  });

  it('refers only to what it holds', () => {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(text).toContain(`"${name}":{`);
    }
    expect(text).not.toContain('undefined');
  });
});

it('explains every error code on the page for people', () => {
  const page = docsPage();
  for (const code of Object.keys(errorCodes)) expect(page).toContain(`id="error-${code}"`);
  for (const { id } of routes) expect(page).toContain(`id="${id}"`);
});

it('is of nothing but what a browser can run', async () => {
  const entryPoints = [fileURLToPath(new URL('routes.ts', import.meta.url))];
  await expect(
    build({ entryPoints, bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' }),
  ).resolves.toMatchObject({ errors: [] });
});
