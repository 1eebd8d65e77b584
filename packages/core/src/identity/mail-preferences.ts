import { BatchGetCommand, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasTransacted } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { MailCategory } from '../mail/categories.ts';
import { languageSchema } from '../tenant/language.ts';

const preferencesSchema = z.object({
  language: languageSchema.optional(),
  /** False for what the user unsubscribed from. */
  weeklyReport: z.boolean().optional(),
  announcements: z.boolean().optional(),
} satisfies Record<'language' | MailCategory, z.ZodType>);
/** What a user wants of mails, in all of its companies. What it never chose is absent. */
export type MailPreferences = z.infer<typeof preferencesSchema>;

/** Whether a user gets mails of a category, which one does until one says otherwise. */
export const wants = (preferences: MailPreferences, category: MailCategory): boolean => preferences[category] ?? true;

export async function readPreferences(control: Table, sub: string): Promise<MailPreferences> {
  const { Item = {} } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.mailPreferences(sub), ConsistentRead: true }),
  );
  return preferencesSchema.parse(Item);
}

/** Of several users, by their `sub`. @param subs at most a hundred, each once */
export async function readPreferencesOf(
  control: Table,
  subs: readonly string[],
): Promise<ReadonlyMap<string, MailPreferences>> {
  const found = new Map<string, MailPreferences>();
  const subOf = new Map(subs.map((sub) => [controlKeys.mailPreferences(sub).pk, sub]));
  let Keys: Record<string, unknown>[] = subs.map((sub) => controlKeys.mailPreferences(sub));
  while (Keys.length > 0) {
    const { Responses = {}, UnprocessedKeys = {} } = await control.client.send(
      new BatchGetCommand({ RequestItems: { [control.name]: { Keys, ConsistentRead: true } } }),
    );
    for (const row of Responses[control.name] ?? []) {
      const sub = subOf.get(String(row.pk));
      if (sub) found.set(sub, preferencesSchema.parse(row));
    }
    Keys = UnprocessedKeys[control.name]?.Keys ?? [];
  }
  return found;
}

/**
 * Keeps what a user chose; what is not named stays as it is.
 * @throws {DomainError} `unauthenticated` when there is no such user any more
 */
export async function changePreferences(control: Table, sub: string, changes: MailPreferences): Promise<void> {
  const chosen = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (chosen.length === 0) return;
  const written = await wasTransacted(
    control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.user(sub),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.mailPreferences(sub),
              UpdateExpression: `SET ${chosen.map((_, index) => `#n${index} = :v${index}`).join(', ')}`,
              ExpressionAttributeNames: Object.fromEntries(chosen.map(([name], index) => [`#n${index}`, name])),
              ExpressionAttributeValues: Object.fromEntries(chosen.map(([, value], index) => [`:v${index}`, value])),
            },
          },
        ],
      }),
    ),
  );
  if (!written) throw new DomainError('unauthenticated', 'Sign in again.');
}
