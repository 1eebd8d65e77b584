import type { Access, ApiFunction } from '@tenantry/core/contract/route';
import { routes } from '@tenantry/core/contract/routes';
import { createFunction, type DeployedFunction } from './function.ts';
import type { Identity } from './identity.ts';
import { componentName } from './naming.ts';
import type { StageSettings } from './stage.ts';
import type { Storage } from './storage.ts';

/** How long a verdict on an API key is kept: a revoked key, or one of a suspended tenant, may be accepted for so long. */
const KEY_VERDICT_SECONDS = 30;

type Authorizer = 'token' | 'key' | 'none';

/** Who proves the caller's identity before the function runs. Stripe's signature is verified by the function. */
const authorizerOf = {
  anyone: 'none',
  user: 'token',
  member: 'token',
  operator: 'token',
  apiKey: 'key',
  stripe: 'none',
  site: 'none',
} as const satisfies Record<Access['by'], Authorizer>;

/** Routes with a limit of their own, below that of the stage. */
const throttled = routes.flatMap(({ method, path, throttle }) => (throttle ? [{ method, path, throttle }] : []));

/** What the access log has of a request. The route and not the path, which may hold a shopper's id. */
const accessLogFields = {
  requestTime: '$context.requestTime',
  requestId: '$context.requestId',
  httpMethod: '$context.httpMethod',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
} as const;

/** The HTTP API: one route per entry of the contract, one integration per function. */
export function createApi(options: {
  stage: StageSettings;
  storage: Storage;
  identity: Identity;
  functions: Record<ApiFunction, DeployedFunction>;
}) {
  const { stage, storage, identity, functions } = options;
  const throttledRoutes = Promise.withResolvers<aws.apigatewayv2.Route[]>();
  const api = new sst.aws.ApiGatewayV2('Api', {
    // The site and the API share one domain.
    cors: false,
    accessLog: { retention: ({ 7: '1 week', 30: '1 month', 365: '1 year' } as const)[stage.logRetentionDays] },
    transform: {
      stage(args, opts) {
        args.routeSettings = throttled.map(({ method, path, throttle }) => ({
          routeKey: `${method} ${path}`,
          throttlingRateLimit: throttle.rate,
          throttlingBurstLimit: throttle.burst,
          detailedMetricsEnabled: true,
        }));
        // A stage cannot limit a route that is not there yet.
        opts.dependsOn = throttledRoutes.promise;
        args.defaultRouteSettings = {
          throttlingRateLimit: stage.throttle.rate,
          throttlingBurstLimit: stage.throttle.burst,
          detailedMetricsEnabled: true,
        };
        args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
          destinationArn: settings?.destinationArn ?? '',
          format: JSON.stringify(accessLogFields),
        }));
      },
    },
  });

  const keyAuthorizer = createFunction('triggers/api-key-authorizer', {
    storage,
    memoryMb: 1024,
    timeoutSeconds: 5,
  });
  const tokenAuthorizer = createFunction('triggers/token-authorizer', {
    storage,
    environment: { TOKEN_ISSUER: identity.issuer, TOKEN_CLIENT_ID: identity.client.id },
    memoryMb: 1024,
    timeoutSeconds: 5,
  });
  // Asked for every request, so that it also meets those without a token, and a token that has expired is refused at once.
  const token = api.addAuthorizer({
    name: 'token',
    lambda: { function: tokenAuthorizer.arn, identitySources: [], response: 'simple', ttl: '0 seconds' },
  });
  const key = api.addAuthorizer({
    name: 'key',
    lambda: {
      function: keyAuthorizer.arn,
      identitySources: ['$request.header.Authorization'],
      response: 'simple',
      ttl: `${KEY_VERDICT_SECONDS} seconds`,
    },
  });
  const authorization = {
    none: { authorizationType: 'NONE' },
    token: { authorizationType: 'CUSTOM', authorizerId: token.id },
    key: { authorizationType: 'CUSTOM', authorizerId: key.id },
  } as const satisfies Record<Authorizer, Partial<aws.apigatewayv2.RouteArgs>>;

  const integrations = new Map<ApiFunction, aws.apigatewayv2.Integration>();
  const integrationOf = (name: ApiFunction): aws.apigatewayv2.Integration => {
    const existing = integrations.get(name);
    if (existing) return existing;
    const { arn } = functions[name];
    const permission = new aws.lambda.Permission(`Api${componentName(name)}Invocation`, {
      action: 'lambda:InvokeFunction',
      function: arn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: $interpolate`${api.nodes.api.executionArn}/*`,
    });
    const integration = new aws.apigatewayv2.Integration(
      `Api${componentName(name)}Integration`,
      {
        apiId: api.nodes.api.id,
        integrationType: 'AWS_PROXY',
        integrationUri: arn,
        payloadFormatVersion: '2.0',
        timeoutMilliseconds: 29_000,
      },
      { dependsOn: [permission] },
    );
    integrations.set(name, integration);
    return integration;
  };

  const deployed = routes.map(
    (route) =>
      new aws.apigatewayv2.Route(`ApiRoute${componentName(route.id)}`, {
        apiId: api.nodes.api.id,
        routeKey: `${route.method} ${route.path}`,
        target: $interpolate`integrations/${integrationOf(route.function).id}`,
        ...authorization[authorizerOf[route.access.by]],
      }),
  );
  throttledRoutes.resolve(deployed.filter((_, index) => routes[index]?.throttle));
  // What matches no route is refused by a problem document too, rather than by the gateway's own words.
  new aws.apigatewayv2.Route('ApiRouteNotFound', {
    apiId: api.nodes.api.id,
    routeKey: '$default',
    target: $interpolate`integrations/${integrationOf('public').id}`,
    ...authorization.none,
  });
  return { api, functions: [keyAuthorizer, tokenAuthorizer] };
}
