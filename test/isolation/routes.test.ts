import type { Route } from '@tenantry/core/contract/route';
import { contract, routes } from '@tenantry/core/contract/routes';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actors } from './routes/actors.ts';
import { missingCases } from './routes/completeness.ts';
import { ask, type Case, casesOf, eachOf, outcomeOf, titleOf } from './routes/exchange.ts';
import { expected } from './routes/expected.ts';
import { type RawAnswer, send } from './routes/http.ts';
import { namings } from './routes/namings.ts';
import { describeAccess, permissions } from './routes/permissions.ts';
import { type RouteCase, routeCases } from './routes/requests.ts';
import { changes, snapshot } from './routes/stores-snapshot.ts';
import { createWorld, type World } from './routes/world.ts';

/**
 * Every route of the contract × every actor × every way of naming another tenant. What must be refused is refused exactly so and changes
 * no store; what is served answers from the caller's own tenant and changes that tenant's data only.
 */
let world: World;
let tried = 0;
const started = performance.now();

beforeAll(async () => {
  world = await createWorld();
}, 180_000);
afterAll(async () => {
  await world?.test.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`\nIsolation of routes: ${tried} generated cases in ${seconds} s.\n`);
});

const all: readonly [string, Route, RouteCase][] = Object.entries<RouteCase>(routeCases).map(([id, routeCase]) => [
  id,
  contract[id as keyof typeof contract],
  routeCase,
]);

/** What tells that an answer holds something of B. */
const tracesOfB = ({ B }: World): readonly string[] => [B.tenantId, B.slug, B.name, B.keyId, B.ownItem];

const brief = ({ status, code, text }: RawAnswer): string => `${status} ${code ?? ''} ${text.slice(0, 200)}`;

function faultsOf(one: Case, answer: RawAnswer): readonly string[] {
  const wanted = outcomeOf(one);
  const faults: string[] = [];
  if (wanted === 'served') {
    const { alsoServed = [], namingLeadsTo = [] } = one.routeCase;
    const codes = [...alsoServed, ...(namings[one.naming]?.becomes === 'ids' ? namingLeadsTo : [])];
    const success = answer.status === one.route.response.status;
    if (!success && !codes.includes(answer.code ?? '')) faults.push(`is not served: ${brief(answer)}`);
    const ownSearch = JSON.stringify(one.draft);
    const traces = one.routeCase.showsOthers ? [] : tracesOfB(world).filter((trace) => !ownSearch.includes(trace));
    for (const trace of traces) if (answer.text.includes(trace)) faults.push(`shows ${trace} of another tenant`);
  } else {
    if (answer.status !== wanted.status || answer.code !== wanted.code) {
      faults.push(`is not refused with ${wanted.status} ${wanted.code}: ${brief(answer)}`);
    }
    if (answer.contentType !== 'application/problem+json') faults.push(`is refused by ${answer.contentType}`);
    else if (JSON.parse(answer.text).requestId !== answer.requestId) faults.push('names another request');
    for (const trace of tracesOfB(world)) {
      if (answer.text.includes(trace)) faults.push(`shows ${trace} of another tenant`);
    }
  }
  if (/node_modules|\.ts:\d|arn:aws|TENANT#|stack/.test(answer.text) && one.route.response.contentType === undefined) {
    faults.push(`shows internals: ${brief(answer)}`);
  }
  return faults.map((fault) => `${titleOf(one)} ${fault}`);
}

/** Asks as fast as the route's own throttle lets anybody. */
const admitted = (one: Case): Promise<RawAnswer> =>
  until(`a turn at ${one.route.id}`, async () => {
    const answer = await ask(world, one);
    return one.route.throttle && answer.text.includes('Too Many Requests') ? undefined : answer;
  });

async function run(cases: readonly Case[]): Promise<readonly string[]> {
  const faults: string[] = [];
  await eachOf(cases, async (one) => {
    tried += 1;
    faults.push(...faultsOf(one, await admitted(one)));
  });
  return faults;
}

describe('what must be refused is refused exactly so, and changes nothing', () => {
  it.each(all)(
    '%s',
    async (_, route, routeCase) => {
      const cases = casesOf(route, routeCase, world).filter((one) => outcomeOf(one) !== 'served');
      const before = await snapshot(world.test);
      expect(await run(cases)).toEqual([]);
      const changed = changes(before, await snapshot(world.test));
      if (changed.length === 0) return;
      // Once more, one after the other, to name the case.
      const culprits: string[] = [];
      for (const one of cases) {
        const earlier = await snapshot(world.test);
        await ask(world, one);
        if (changes(earlier, await snapshot(world.test)).length > 0) culprits.push(titleOf(one));
      }
      expect({ changed, culprits }).toEqual({ changed: [], culprits: [] });
    },
    120_000,
  );
});

describe('what is served is answered from the caller’s own tenant, and changes nothing of another', () => {
  it.each(all)(
    '%s',
    async (_, route, routeCase) => {
      const cases = casesOf(route, routeCase, world).filter(
        (one) =>
          outcomeOf(one) === 'served' &&
          // Operators work for all tenants: naming one is what their routes are for.
          !(route.access.by === 'operator' && namings[one.naming]?.becomes === 'ids'),
      );
      const before = await snapshot(world.test);
      expect(await run(cases)).toEqual([]);
      const foreign = changes(before, await snapshot(world.test)).filter((place) => place.includes(world.B.tenantId));
      expect(foreign).toEqual([]);
    },
    120_000,
  );
});

describe('paths and headers that try to lead elsewhere', () => {
  const paths = [
    '/v1/tenant/../operator/tenants',
    '/v1/tenant/%2e%2e/operator/tenants',
    '/v1/tenant/..%2foperator/tenants',
    '//v1/operator/tenants',
    '/v1//operator/tenants',
    '/V1/OPERATOR/TENANTS',
    '/v1/operator/tenants/',
    '/v1/operator/tenants;tenant=x',
    '/v1/operator/tenants%00',
    '/v1/tenant?x=/v1/operator/tenants',
    '/v1/tenant#/../operator/tenants',
  ];

  it.each(paths)('%s shows an owner nothing of others', async (target) => {
    const answer = await send(world.test.instance.siteUrl, {
      method: 'GET',
      target,
      headers: { ...world.credentials['owner of A'] },
    });
    tried += 1;
    for (const trace of tracesOfB(world)) expect(answer.text).not.toContain(trace);
    if (answer.status === 200) expect(JSON.parse(answer.text).id).toBe(world.A.tenantId);
    else expect([400, 401, 403, 404]).toContain(answer.status);
  });

  it('two credentials in one request are none, or the first', async () => {
    const first = String(world.credentials['owner of A'].authorization);
    const second = String(world.credentials.operator.authorization);
    const answer = await send(world.test.instance.siteUrl, {
      method: 'GET',
      target: '/v1/operator/tenants',
      headers: { authorization: [first, second] },
    });
    expect([401, 403]).toContain(answer.status);
  });
});

describe('the suite itself', () => {
  it('has a case for every route of the contract and a rule for every kind of access', () => {
    expect(missingCases('route', Object.keys(contract), routeCases)).toEqual([]);
    for (const route of routes) for (const actor of Object.values(actors)) expected(route, actor);
  });

  it('knows who may call each route, whatever the contract says', () => {
    expect(Object.fromEntries(routes.map(({ id, access }) => [id, describeAccess(access)]))).toEqual(permissions);
  });

  it('fails by name for a route without a case, and for a kind of access without a rule', () => {
    expect(missingCases('route', [...Object.keys(contract), 'listWidgets'], routeCases)).toEqual([
      'The route listWidgets has no isolation case.',
    ]);
    const route = { ...contract.getTenant, id: 'listWidgets', access: { by: 'robot' } } as unknown as Route;
    expect(() => expected(route, { is: 'nobody' })).toThrow(/listWidgets.*robot/);
  });
});
