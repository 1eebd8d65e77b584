import { loadProgram } from '../cloud/program.ts';
import { actingRoles } from '../cloud/roles.ts';
import type { GraphRole } from '../program/roles.ts';

/** The roles of the stage `local` that are taken on this machine. */
export async function rolesOfProgram(root: string): Promise<readonly GraphRole[]> {
  const secrets = { StripeSecretKey: '', StripeWebhookSecret: '', WebhookKey: '', MailKey: '', AnswerKey: '' };
  return actingRoles(await loadProgram({ root, siteUrl: 'http://localhost', secrets }));
}
