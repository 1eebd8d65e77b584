import { docsPage, docsStyle } from '@tenantry/core/contract/docs-page';
import { openApiDocument } from '@tenantry/core/contract/openapi';
import { tierCatalogue, tierNames } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';

const environment = readEnvironment({ STAGE: required, SITE_URL: required });

export const handler = createApi('public', undefined, {
  health: () => ({ status: 'ok' as const, stage: environment.STAGE }),
  listTiers: () => ({
    tiers: tierNames.map((name) => {
      const { price: prices, usage, features, ...tier } = tierCatalogue[name];
      return { ...tier, prices, usage: { ...usage }, features: [...features] };
    }),
  }),
  openapi: () => JSON.stringify(openApiDocument(environment.SITE_URL)),
  docs: () => docsPage(),
  docsStyle: () => docsStyle,
});
