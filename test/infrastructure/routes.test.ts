import type { Access } from '@tenantry/core/contract/route';
import { routes as contract } from '@tenantry/core/contract/routes';
import { type DeployedRoute, routesOf } from '@tenantry/local/program/routes';
import { describe, expect, it } from 'vitest';
import { graphOf, named, ofType, stages } from './graphs.ts';

const authorizerFor = {
  anyone: 'NONE',
  user: 'JWT',
  member: 'JWT',
  apiKey: 'REQUEST',
  stripe: 'NONE',
} as const satisfies Record<Access['by'], DeployedRoute['authorizer']>;

const logicalNameOf = (name: string): string =>
  `Api${name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

describe.each(stages)('the HTTP API of %s', (stage) => {
  it('deploys exactly the routes of the contract, each with its function and the authorizer of its access', () => {
    const deployed = routesOf(graphOf(stage)).map(({ method, path, authorizer, function: name }) => ({
      method,
      path,
      authorizer,
      function: name,
    }));
    const wanted: typeof deployed = contract.map((route) => ({
      method: route.method,
      path: route.path,
      authorizer: authorizerFor[route.access.by],
      function: logicalNameOf(route.function),
    }));
    // Answers 404 by a problem document for whatever else is asked.
    wanted.push({ method: 'ANY', path: '$default', authorizer: 'NONE', function: 'ApiPublic' });
    const byRoute = (a: { path: string; method: string }, b: { path: string; method: string }) =>
      `${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1;
    expect([...deployed].sort(byRoute)).toEqual(wanted.sort(byRoute));
  });

  it("accepts tokens of the stage's own pool for its own client only", () => {
    const graph = graphOf(stage);
    const pool = named(graph, 'UserPool', 'UsersUserPool');
    const client = named(graph, 'UserPoolClient', 'WebClient');
    const authorizer = named(graph, 'Authorizer', 'ApiAuthorizerTokenAuthorizer');
    expect(authorizer.inputs).toMatchObject({
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: `https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`, audiences: [client.id] },
    });
  });

  it('keeps a verdict on an API key for a minute at most, by the whole Authorization header', () => {
    const authorizer = named(graphOf(stage), 'Authorizer', 'ApiAuthorizerKeyAuthorizer');
    expect(authorizer.inputs).toMatchObject({
      authorizerType: 'REQUEST',
      authorizerResultTtlInSeconds: 60,
      enableSimpleResponses: true,
      identitySources: ['$request.header.Authorization'],
    });
  });

  it('allows no other origin to call it, limits its rate and logs every call', () => {
    const graph = graphOf(stage);
    expect(named(graph, 'Api', 'ApiApi').inputs.corsConfiguration).toEqual({});
    const { inputs } = named(graph, 'Stage', 'ApiStage');
    expect(inputs.defaultRouteSettings).toMatchObject({ throttlingRateLimit: expect.any(Number) });
    expect(inputs.accessLogSettings).toMatchObject({ destinationArn: expect.stringContaining(':log-group:') });
  });

  it('puts every path of the contract behind the domain of the site', () => {
    const routed = ofType(graphOf(stage), 'RouterUrlRoute').map(({ name }) => name.replace('EdgeRoute', ''));
    for (const { path } of contract) expect(routed).toContain(`/${path.split('/')[1]}`);
  });
});
