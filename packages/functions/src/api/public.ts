import { docsPage } from '@tenantry/core/contract/docs-page';
import { openApiDocument } from '@tenantry/core/contract/openapi';
import { type Tier, tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';

const environment = readEnvironment({ STAGE: required, SITE_URL: required });

export const handler = createApi('public', undefined, {
  health: () => ({ status: 'ok' as const, stage: environment.STAGE }),
  listTiers: () => ({
    tiers: Object.values<Tier & { name: keyof typeof tierCatalogue }>(tierCatalogue).map((tier) => ({
      name: tier.name,
      title: tier.title,
      description: tier.description,
      isolation: tier.isolation,
      price: { amount: tier.price.amount, currency: tier.price.currency },
      limits: tier.limits,
    })),
  }),
  openapi: () => JSON.stringify(openApiDocument(environment.SITE_URL)),
  docs: () => docsPage(),
});
