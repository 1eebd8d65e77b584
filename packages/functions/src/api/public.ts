import { docsPage, docsStyle } from '@tenantry/core/contract/docs-page';
import { openApiDocument } from '@tenantry/core/contract/openapi';
import { tierViews } from '@tenantry/core/tier/tier-views';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';

const environment = readEnvironment({ STAGE: required, SITE_URL: required });

export const handler = createApi('public', undefined, {
  health: () => ({ status: 'ok' as const, stage: environment.STAGE }),
  listTiers: () => ({ tiers: tierViews() }),
  openapi: () => JSON.stringify(openApiDocument(environment.SITE_URL)),
  docs: () => docsPage(),
  docsStyle: () => docsStyle,
});
