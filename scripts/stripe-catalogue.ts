import { syncCatalogue } from '@tenantry/core/billing/catalogue-sync';
import { createStripeClient } from '@tenantry/core/billing/stripe-client';

/** `STRIPE_SECRET_KEY=sk_… npm run -s stripe-catalogue` gives Stripe a product and a price for every tier; again, it changes nothing. */
const { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: apiBase } = process.env;
if (!key) {
  process.stderr.write(
    'STRIPE_SECRET_KEY is needed: the secret key of the account whose catalogue is brought up to date.\n',
  );
  process.exit(1);
}
for (const { tier, price } of await syncCatalogue(createStripeClient(key, apiBase))) {
  process.stdout.write(`${tier}  ${price}\n`);
}
