import { syncCatalogue } from '@tenantry/core/billing/catalogue-sync';
import { createStripeClient } from '@tenantry/core/billing/stripe-client';

/**
 * `STRIPE_SECRET_KEY=sk_… npm run -s stripe-catalogue` gives Stripe products, prices and meters for every tier; again, it changes nothing.
 * `-- --dry-run` says what would change.
 */
const { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: apiBase } = process.env;
if (!key) {
  process.stderr.write(
    'STRIPE_SECRET_KEY is needed: the secret key of the account whose catalogue is brought up to date.\n',
  );
  process.exit(1);
}
const dryRun = process.argv.includes('--dry-run');
const changes = await syncCatalogue(createStripeClient(key, apiBase), { dryRun });
for (const { what, name, change, words } of changes) process.stdout.write(`${change}  ${what}  ${name}  ${words}\n`);
process.stdout.write(`${changes.length} ${dryRun ? 'to change' : 'changed'}\n`);
