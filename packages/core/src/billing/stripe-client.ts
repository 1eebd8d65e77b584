import Stripe from 'stripe';

/** @param apiBase another server that speaks Stripe's API, such as the local one: `http://127.0.0.1:4403`. */
export function createStripeClient(secretKey: string, apiBase?: string): Stripe {
  const options: Stripe.StripeConfig = { maxNetworkRetries: 2, timeout: 10_000, telemetry: false };
  if (!apiBase) return new Stripe(secretKey, options);
  const url = new URL(apiBase);
  return new Stripe(secretKey, {
    ...options,
    host: url.hostname,
    port: url.port,
    protocol: url.protocol === 'https:' ? 'https' : 'http',
  });
}
