import { edgeRequestSource } from '@tenantry/core/contract/edge-request';
import { pathPrefixes } from '@tenantry/core/contract/routes';
import type { Identity } from './identity.ts';
import { createSecurityHeaders } from './security-headers.ts';
import type { StageSettings } from './stage.ts';

/** CloudFront before the site and the API. It comes first, since its address is part of what sign-in accepts. */
export function createEdge(stage: StageSettings): { router: sst.aws.Router; siteUrl: $util.Input<string> } {
  const headers = createSecurityHeaders();
  const router = new sst.aws.Router('Edge', {
    ...(stage.domain ? { domain: stage.domain } : {}),
    edge: { viewerRequest: { injection: edgeRequestSource } },
    transform: {
      cdn(args) {
        args.defaultCacheBehavior = $resolve(args.defaultCacheBehavior).apply((behavior) => ({
          ...behavior,
          responseHeadersPolicyId: headers.id,
        }));
      },
    },
  });
  const localPort = process.env.SITE_PORT ?? '4400';
  return { router, siteUrl: $app.stage === 'local' ? `http://localhost:${localPort}` : router.url };
}

/** The website, and the API under the same domain. */
export function createWeb(options: {
  router: sst.aws.Router;
  siteUrl: $util.Input<string>;
  api: sst.aws.ApiGatewayV2;
  identity: Identity;
}) {
  const { router, siteUrl, api, identity } = options;
  for (const prefix of pathPrefixes) router.route(prefix, api.url);
  return new sst.aws.StaticSite('Site', {
    path: 'packages/web',
    build: { command: 'npm run build', output: 'dist' },
    // Public pages are files of their own; every other path is the application's.
    indexPage: 'app.html',
    environment: {
      VITE_HOSTED_LOGIN_URL: identity.loginUrl,
      VITE_CLIENT_ID: identity.client.id,
      VITE_SITE_URL: siteUrl,
    },
    router: { instance: router },
  });
}
