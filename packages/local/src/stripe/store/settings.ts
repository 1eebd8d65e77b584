/** How the account is set up: what Stripe's dashboard decides when an invoice is not paid, and in whose time new customers live. */

import type { DatabaseSync } from 'node:sqlite';

export const settingsSchema =
  'CREATE TABLE IF NOT EXISTS settings (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL);';

export interface Settings {
  /** Days from one failed attempt to the next. */
  readonly retryDays: readonly number[];
  /** What becomes of a subscription when the last attempt has failed; `past_due` leaves it as it is. */
  readonly afterRetries: 'canceled' | 'unpaid' | 'past_due';
  /** The clock of customers that are made without one, so that a whole life can be watched of a company that signs up by itself. */
  readonly testClock: string | null;
}

/** Four attempts within three weeks, then the end. */
export const defaultSettings: Settings = { retryDays: [3, 7, 11], afterRetries: 'canceled', testClock: null };

interface Holder {
  readonly sql: DatabaseSync;
}

export function readSettings({ sql }: Holder): Settings {
  const row = sql.prepare('SELECT document FROM settings').get();
  return row ? { ...defaultSettings, ...JSON.parse(String(row.document)) } : defaultSettings;
}

export function writeSettings({ sql }: Holder, settings: Settings): void {
  sql
    .prepare('INSERT INTO settings VALUES (1, ?) ON CONFLICT DO UPDATE SET document = excluded.document')
    .run(JSON.stringify(settings));
}
