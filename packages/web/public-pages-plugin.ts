import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { accessText } from '@tenantry/core/contract/openapi';
import type { Route } from '@tenantry/core/contract/route';
import { routes } from '@tenantry/core/contract/routes';
import { tierViews } from '@tenantry/core/tier/tier-views';
import { build } from 'esbuild';
import type { Plugin, Rollup } from 'vite';
import type { PageFiles } from './src/public/document.tsx';
import type { ReferenceRoute, SiteFacts } from './src/public/props.ts';
import type * as Renderer from './src/public/render.tsx';
import { type ClientScript, clientScripts } from './src/public/scripts.ts';

const web = fileURLToPath(new URL('.', import.meta.url));
const renderer = join(web, 'src/public/render.tsx');
const clientOf = (script: ClientScript): string => `src/public/client/${script}.ts`;

/** What the site's pages are built from: the application behind the sign-in, and the scripts of the public pages. */
export const siteInputs: Readonly<Record<string, string>> = {
  app: join(web, 'app.html'),
  ...Object.fromEntries(clientScripts.map((script) => [script, join(web, clientOf(script))])),
};

const referenceOf = ({
  id,
  method,
  path,
  summary,
  access,
  params,
  query,
  body,
  example,
  errors,
}: Route): ReferenceRoute => ({
  id,
  method,
  path,
  summary,
  by: access.by,
  access: accessText(access),
  params: Object.keys(params?.shape ?? {}),
  query: Object.keys(query?.shape ?? {}),
  body: body !== undefined,
  example: example?.request === undefined ? null : JSON.stringify(example.request, null, 2),
  errors: [...errors],
});

const readFacts = async (): Promise<SiteFacts> => ({
  siteUrl: process.env.VITE_SITE_URL ?? 'http://localhost:4400',
  tiers: tierViews(),
  routes: routes.map(referenceOf),
  changelog: await readFile(join(web, '../../CHANGELOG.md'), 'utf8'),
  day: new Date().toISOString().slice(0, 10),
});

/** The renderer as a build can run it. It stands where Node finds React. */
async function loadRenderer(): Promise<typeof Renderer> {
  const cache = join(web, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'public-pages-'));
  try {
    const outfile = join(folder, 'render.mjs');
    await build({
      entryPoints: [renderer],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      jsx: 'automatic',
      external: ['react', 'react-dom'],
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
    });
    return (await import(pathToFileURL(outfile).href)) as typeof Renderer;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The file of a page. Folders at the top would take over every address that begins as they do, so there the page is a file itself. */
const fileOf = (path: string): string => {
  const name = path.slice(1);
  if (name === '') return 'index.html';
  return name.includes('/') ? `${name}/index.html` : `${name}.html`;
};

function builtFiles(bundle: Rollup.OutputBundle, scripts: readonly ClientScript[]): PageFiles {
  const chunks = scripts.map((script) => {
    const chunk = Object.values(bundle).find(
      (one): one is Rollup.OutputChunk => one.type === 'chunk' && one.isEntry && one.name === script,
    );
    if (!chunk) throw new Error(`The script ${script} was not built.`);
    return chunk;
  });
  return {
    styles: chunks.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).map((file) => `/${file}`),
    scripts: chunks.map(({ fileName }) => `/${fileName}`),
  };
}

/**
 * The public pages, as documents that are read without a script. A build writes each into a file; the development server writes
 * it when it is asked for. Every other page is the application's.
 */
export const publicPages = (): Plugin => ({
  name: 'tenantry-public-pages',
  enforce: 'post',
  async generateBundle(_, bundle) {
    const [{ publicAddresses, renderPage, robots, sitemap }, facts] = await Promise.all([loadRenderer(), readFacts()]);
    for (const address of publicAddresses) {
      const source = renderPage(address, facts, (scripts) => builtFiles(bundle, scripts));
      this.emitFile({ type: 'asset', fileName: fileOf(address.path), source });
    }
    this.emitFile({ type: 'asset', fileName: 'sitemap.xml', source: sitemap(facts.siteUrl) });
    this.emitFile({ type: 'asset', fileName: 'robots.txt', source: robots(facts.siteUrl) });
  },
  configureServer(server) {
    server.middlewares.use(async (request, response, next) => {
      try {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname;
        const { publicAddresses, renderPage } = (await server.ssrLoadModule(renderer)) as typeof Renderer;
        const address = publicAddresses.find((one) => one.path === path);
        if (address) {
          const html = renderPage(address, await readFacts(), (scripts) => ({
            styles: ['/src/public/public.css'],
            scripts: scripts.map((script) => `/${clientOf(script)}`),
          }));
          response.setHeader('content-type', 'text/html; charset=utf-8');
          response.end(await server.transformIndexHtml(path, html));
          return;
        }
        const isPage = request.headers.accept?.includes('text/html') && !/^\/@|\.[^/]*$/.test(path);
        if (isPage) request.url = '/app.html';
        next();
      } catch (error) {
        next(error);
      }
    });
  },
});
