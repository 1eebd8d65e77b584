import type { Route } from '@tenantry/core/contract/route';
import type { Plugin } from 'vite';

const NAME = 'virtual:tenantry/routes';

/**
 * Gives the site what it needs of the contract to call it: method, path and access of each route, and whether it can be sent again. Schemas stay where they are checked, in the
 * API; they and the library they are written with would be a third of what a visitor loads.
 */
export const contractRoutes = (): Plugin => ({
  name: 'tenantry-contract',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  async load(id) {
    if (id !== `\0${NAME}`) return undefined;
    const { contract } = await import('@tenantry/core/contract/routes');
    const table = Object.values(contract).map((route: Route) => {
      const { id, method, path, access, idempotent } = route;
      return [id, { method, path, access, idempotent }];
    });
    return `export const routes = ${JSON.stringify(Object.fromEntries(table))};`;
  },
});
