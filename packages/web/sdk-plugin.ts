import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

const entry = fileURLToPath(new URL('../sdk/src/browser.ts', import.meta.url));

/** The SDK as one script for pages without a bundler. */
async function bundleSdk(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Puts the SDK beside the site, at `/sdk.js`, where shops' pages load it from. */
export const sdkScript = (): Plugin => ({
  name: 'tenantry-sdk',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'sdk.js', source: await bundleSdk() });
  },
  configureServer(server) {
    server.middlewares.use('/sdk.js', (_request, response, next) => {
      bundleSdk().then((script) => {
        response.setHeader('content-type', 'text/javascript; charset=utf-8');
        response.end(script);
      }, next);
    });
  },
});
