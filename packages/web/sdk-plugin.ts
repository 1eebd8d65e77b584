import { pageScript } from '@tenantry/sdk/package/script';
import type { Plugin } from 'vite';

/** Puts the SDK beside the site, at `/sdk.js`, where shops' pages load it from. */
export const sdkScript = (): Plugin => ({
  name: 'tenantry-sdk',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'sdk.js', source: await pageScript() });
  },
  configureServer(server) {
    server.middlewares.use('/sdk.js', (_request, response, next) => {
      pageScript().then((script) => {
        response.setHeader('content-type', 'text/javascript; charset=utf-8');
        response.end(script);
      }, next);
    });
  },
});
