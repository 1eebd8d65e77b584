import { docsPage, docsStyle } from '@tenantry/core/contract/docs-page';
import { openApiDocument } from '@tenantry/core/contract/openapi';
import type { tierViewSchema } from '@tenantry/core/contract/public';
import { tierCatalogue, tierNames } from '@tenantry/core/tier/catalogue';
import { intervalMonths } from '@tenantry/core/tier/price';
import type { Tier } from '@tenantry/core/tier/tier';
import { meterNames } from '@tenantry/core/usage/meter-name';
import type { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';

const environment = readEnvironment({ STAGE: required, SITE_URL: required });

const included = (amount: number) => ({ month: amount * intervalMonths.month, year: amount * intervalMonths.year });

function usageOf(usage: Tier['usage']) {
  const rows = meterNames.map((meter) => [
    meter,
    { included: included(usage[meter].included), overage: usage[meter].overage },
  ]);
  return Object.fromEntries(rows) as z.output<typeof tierViewSchema>['usage'];
}

export const handler = createApi('public', undefined, {
  health: () => ({ status: 'ok' as const, stage: environment.STAGE }),
  listTiers: () => ({
    tiers: tierNames.map((name) => {
      const { price: prices, usage, features, ...tier } = tierCatalogue[name];
      return { ...tier, prices, usage: usageOf(usage), features: [...features] };
    }),
  }),
  openapi: () => JSON.stringify(openApiDocument(environment.SITE_URL)),
  docs: () => docsPage(),
  docsStyle: () => docsStyle,
});
