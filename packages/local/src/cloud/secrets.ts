import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const secretsSchema = z.object({
  StripeSecretKey: z.string(),
  StripeWebhookSecret: z.string(),
  /** 32 random bytes in base64. */
  WebhookKey: z.string(),
  /** The same. */
  MailKey: z.string(),
  /** The same. */
  AnswerKey: z.string(),
});
export type LocalSecrets = z.infer<typeof secretsSchema>;

/**
 * The program's secrets on this machine: made up once and kept. With `STRIPE_SECRET_KEY=sk_test_…` and `STRIPE_WEBHOOK_SECRET` in the
 * environment, Stripe's own test mode is used instead of the local Stripe.
 */
export function localSecrets(
  dir: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly secrets: LocalSecrets; readonly realStripe: boolean } {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhook } = environment;
  if (key) {
    if (!key.startsWith('sk_test_')) throw new Error('STRIPE_SECRET_KEY must be a test-mode key: sk_test_….');
    if (!webhook) throw new Error('STRIPE_WEBHOOK_SECRET must be set too: `stripe listen` prints it.');
  }
  const kept = keptSecrets(join(dir, 'secrets.json'));
  return key && webhook
    ? { secrets: { ...kept, StripeSecretKey: key, StripeWebhookSecret: webhook }, realStripe: true }
    : { secrets: kept, realStripe: false };
}

/** The secrets of a file, which gets those that it does not have yet. */
function keptSecrets(file: string): LocalSecrets {
  const kept: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const made: LocalSecrets = {
    StripeSecretKey: `sk_test_local${randomBytes(16).toString('hex')}`,
    StripeWebhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    WebhookKey: randomBytes(32).toString('base64'),
    MailKey: randomBytes(32).toString('base64'),
    AnswerKey: randomBytes(32).toString('base64'),
  };
  const secrets = secretsSchema.parse({ ...made, ...z.looseObject({}).parse(kept) });
  if (Object.keys(made).some((name) => !Object.hasOwn(Object(kept), name))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  }
  return secrets;
}
