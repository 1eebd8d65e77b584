import { join } from 'node:path';
import { createMiddlewareSite } from '../edge/edge.ts';
import { createStaticSite } from '../edge/static-site.ts';
import { copyBuiltSite } from './kept-site.ts';
import type { RunningSite, SiteBuild } from './local-cloud.ts';

/**
 * The web site from its sources: a Vite server behind the edge.
 * @param reloadPort where browsers learn of saved changes; without it nothing is watched
 */
export async function startSite(root: string, build: SiteBuild, reloadPort?: number): Promise<RunningSite> {
  const { createServer } = await import('vite');
  // Vite takes these from the environment, as it does in a deployment's build.
  Object.assign(process.env, build);
  const server = await createServer({
    root: join(root, 'packages/web'),
    configFile: join(root, 'packages/web/vite.config.ts'),
    logLevel: 'warn',
    appType: 'spa',
    server: {
      middlewareMode: true,
      ...(reloadPort === undefined ? { hmr: false, watch: null } : { hmr: { port: reloadPort } }),
    },
  });
  return {
    handler: createMiddlewareSite(server.middlewares),
    close: () => server.close(),
  };
}

/** The web site as it is deployed: built into the folder, and served from there. */
export async function startBuiltSite(root: string, build: SiteBuild, folder: string): Promise<RunningSite> {
  await copyBuiltSite(root, build, folder);
  return { handler: createStaticSite({ folder }), close: async () => {} };
}
