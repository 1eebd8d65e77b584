import { join } from 'node:path';
import { evaluateProgram } from '../program/evaluate.ts';
import type { ResourceGraph } from '../program/graph.ts';
import type { LocalSecrets } from './secrets.ts';

/** The address that the program is evaluated with; instances on other ports put theirs in its place. */
const SITE_URL = 'http://localhost:4400';
const placeholders: LocalSecrets = {
  StripeSecretKey: '{{StripeSecretKey}}',
  StripeWebhookSecret: '{{StripeWebhookSecret}}',
  WebhookKey: '{{WebhookKey}}',
  MailKey: '{{MailKey}}',
  AnswerKey: '{{AnswerKey}}',
};

/**
 * The evaluated program of the stage `local`. Evaluating takes seconds and depends on sources alone, so it is kept until one of
 * them changes; what differs between instances, their address and secrets, is put in afterwards.
 */
export async function loadProgram(options: {
  readonly root: string;
  readonly siteUrl: string;
  readonly secrets: LocalSecrets;
}): Promise<ResourceGraph> {
  const { root, siteUrl, secrets } = options;
  const graph = await evaluateProgram({
    root,
    stage: 'local',
    secrets: placeholders,
    env: { SITE_PORT: '4400' },
    cacheDir: join(root, 'node_modules', '.cache', 'tenantry'),
  });
  const text = JSON.stringify(graph)
    .replaceAll(SITE_URL, siteUrl)
    .replaceAll(placeholders.StripeSecretKey, secrets.StripeSecretKey)
    .replaceAll(placeholders.StripeWebhookSecret, secrets.StripeWebhookSecret)
    .replaceAll(placeholders.WebhookKey, secrets.WebhookKey)
    .replaceAll(placeholders.MailKey, secrets.MailKey)
    .replaceAll(placeholders.AnswerKey, secrets.AnswerKey);
  return JSON.parse(text) as ResourceGraph;
}
