import { edgeRequestSource } from '@tenantry/core/contract/edge-request';
import type { Access } from '@tenantry/core/contract/route';
import { routes as contract } from '@tenantry/core/contract/routes';
import { securityHeaders, transportSecuritySeconds } from '@tenantry/core/contract/security-headers';
import { type DeployedRoute, routesOf } from '@tenantry/local/program/routes';
import { describe, expect, it } from 'vitest';
import { graphOf, named, ofType, stages } from './graphs.ts';

const authorizerFor = {
  anyone: undefined,
  user: 'TriggersTokenAuthorizer',
  member: 'TriggersTokenAuthorizer',
  operator: 'TriggersTokenAuthorizer',
  apiKey: 'TriggersApiKeyAuthorizer',
  stripe: undefined,
  site: undefined,
} as const satisfies Record<Access['by'], DeployedRoute['authorizer']>;

const logicalNameOf = (name: string): string =>
  `Api${name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

describe.each(stages)('the HTTP API of %s', (stage) => {
  it('deploys exactly the routes of the contract, each with its function and the authorizer of its access', () => {
    const deployed = routesOf(graphOf(stage)).map((route) => ({ authorizer: undefined, ...route }));
    const wanted: DeployedRoute[] = contract.map((route) => ({
      method: route.method,
      path: route.path,
      ...{ authorizer: authorizerFor[route.access.by] },
      function: logicalNameOf(route.function),
    }));
    // Answers 404 by a problem document for whatever else is asked.
    wanted.push({ method: 'ANY', path: '$default', ...{ authorizer: undefined }, function: 'ApiPublic' });
    const byRoute = (a: { path: string; method: string }, b: { path: string; method: string }) =>
      `${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1;
    expect([...deployed].sort(byRoute)).toEqual(wanted.sort(byRoute));
  });

  it("accepts tokens of the stage's own pool for its own client only, and asks for every request", () => {
    const graph = graphOf(stage);
    const pool = named(graph, 'UserPool', 'UsersUserPool');
    const client = named(graph, 'UserPoolClient', 'WebClient');
    const authorizer = graph.functions.find(({ logicalName }) => logicalName === 'TriggersTokenAuthorizer');
    expect(authorizer?.environment).toMatchObject({
      TOKEN_ISSUER: `https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`,
      TOKEN_CLIENT_ID: client.id,
    });
    expect(authorizer?.environment.TOKEN_JWKS_URL).toBeUndefined();
    expect(named(graph, 'Authorizer', 'ApiAuthorizerTokenAuthorizer').inputs).toMatchObject({
      authorizerType: 'REQUEST',
      authorizerResultTtlInSeconds: 0,
      enableSimpleResponses: true,
      identitySources: [],
    });
  });

  it('keeps a verdict on an API key for half a minute at most, by the whole Authorization header', () => {
    const authorizer = named(graphOf(stage), 'Authorizer', 'ApiAuthorizerKeyAuthorizer');
    expect(authorizer.inputs).toMatchObject({
      authorizerType: 'REQUEST',
      authorizerResultTtlInSeconds: 30,
      enableSimpleResponses: true,
      identitySources: ['$request.header.Authorization'],
    });
  });

  it('gives calls without credentials the placeholder that lets them be refused by a problem document', () => {
    const code = ofType(graphOf(stage), 'Function')
      .filter(({ type }) => type.startsWith('aws:cloudfront/'))
      .map(({ inputs }) => String(inputs.code));
    expect(code.some((source) => source.includes(edgeRequestSource))).toBe(true);
  });

  it('allows no other origin to call it, limits its rate and logs every call', () => {
    const graph = graphOf(stage);
    expect(named(graph, 'Api', 'ApiApi').inputs.corsConfiguration).toEqual({});
    const { inputs } = named(graph, 'Stage', 'ApiStage');
    expect(inputs.defaultRouteSettings).toMatchObject({ throttlingRateLimit: expect.any(Number) });
    expect(inputs.routeSettings).toMatchObject([
      { routeKey: 'POST /v1/sign-in', throttlingRateLimit: 20, throttlingBurstLimit: 60 },
    ]);
    expect(inputs.accessLogSettings).toMatchObject({ destinationArn: expect.stringContaining(':log-group:') });
  });

  it('puts the security headers on every answer of the domain, whatever an origin says', () => {
    const policy = named(graphOf(stage), 'ResponseHeadersPolicy', 'EdgeHeaders');
    expect(policy.inputs).toMatchObject({
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: securityHeaders['content-security-policy'], override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: 'DENY', override: true },
        referrerPolicy: { referrerPolicy: securityHeaders['referrer-policy'], override: true },
        strictTransportSecurity: { accessControlMaxAgeSec: transportSecuritySeconds, override: true },
      },
    });
    const { items } = policy.inputs.customHeadersConfig as { items: readonly { header: string }[] };
    // The other four have a field of their own above.
    expect(items.map(({ header }) => header).sort()).toEqual(['cross-origin-opener-policy', 'permissions-policy']);
    expect(Object.keys(securityHeaders).length).toBe(items.length + 4);
    const distributions = ofType(graphOf(stage), 'Distribution');
    expect(distributions.map(({ inputs }) => inputs.defaultCacheBehavior)).toMatchObject([
      { responseHeadersPolicyId: policy.id },
    ]);
    expect(distributions.map(({ inputs }) => inputs.orderedCacheBehaviors ?? [])).toEqual([[]]);
  });

  it('lets pages run and load nothing but the site’s own files, and pictures of catalogues', () => {
    const policy = securityHeaders['content-security-policy'];
    expect(policy.replace("img-src 'self' data: https:;", '')).not.toMatch(/unsafe|https?:|\*/);
    for (const directive of ['default-src', 'base-uri', 'form-action', 'frame-ancestors', 'object-src']) {
      expect(policy).toContain(`${directive} 'none'`);
    }
  });

  it('puts every path of the contract behind the domain of the site', () => {
    const routed = ofType(graphOf(stage), 'RouterUrlRoute').map(({ name }) => name.replace('EdgeRoute', ''));
    for (const { path } of contract) expect(routed).toContain(`/${path.split('/')[1]}`);
  });
});
