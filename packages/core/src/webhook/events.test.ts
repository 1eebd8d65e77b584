import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventTypeOf, webhookEvents, webhookEventTypes } from './events.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What the program writes into audit logs, as far as its sources say it in quotes. */
const written = ['packages/core/src', 'packages/functions/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('webhook/events'))
    .flatMap((file) => [...readFileSync(join(root, folder, file), 'utf8').matchAll(/'([a-zA-Z]+(?:\.[a-zA-Z]+)+)'/g)])
    .map(([, action = '']) => action),
);

const entries = [
  ...[...new Set(written)].map((action) => ({ action, details: {} })),
  { action: 'tenant.status', details: { from: 'active', to: 'suspended' } },
  { action: 'tenant.status', details: { from: 'suspended', to: 'active' } },
  { action: 'tenant.status', details: { from: 'migrating', to: 'active' } },
];

describe('the table of events', () => {
  it.each(webhookEventTypes)('%s is what an entry that the program writes stands for', (type) => {
    expect(entries.some((entry) => eventTypeOf(entry) === type)).toBe(true);
  });

  it('has no entry that stands for two', () => {
    for (const entry of entries) {
      const meant = webhookEventTypes.filter((type) => webhookEvents[type].isMeantBy(entry));
      expect(meant.length, entry.action).toBeLessThan(2);
    }
  });

  it('takes no other change of the status for a reactivation', () => {
    expect(eventTypeOf({ action: 'tenant.status', details: { from: 'migrating', to: 'active' } })).toBeUndefined();
  });

  it('is the one of the documentation', () => {
    const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| (.+) \|$/gm)].map(([, type, title]) => [type, title]);
    const table = webhookEventTypes.map((type) => [type, webhookEvents[type].title]);
    expect(rows.filter(([type]) => type !== 'webhook.test')).toEqual(table);
  });
});
