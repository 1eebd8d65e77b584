import * as z from 'zod';
import { listApiKeys } from '../apikey/api-key.ts';
import { readCounts } from '../attribution/counters.ts';
import { findSubscription } from '../billing/subscription.ts';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { doneErasureSchema } from '../erasure/erasure.ts';
import { findRules } from '../rules/store.ts';
import { readSso } from '../sso/settings.ts';
import { tenantView } from '../tenant/tenant.ts';
import { listTrainings } from '../training/history.ts';
import { listModels } from '../training/model-registry.ts';
import { meterNames } from '../usage/meter-name.ts';
import { meters, unitsOf } from '../usage/meters.ts';
import { readDays } from '../usage/read.ts';
import { listWebhooks } from '../webhook/endpoint.ts';
import { type Cell, toCsv } from './csv.ts';
import { rowsBelow } from './registry-rows.ts';
import type { Content, Section } from './source.ts';

/** What there is of a tenant itself; each is one file. */

const json = (value: unknown): Content => ({ body: `${JSON.stringify(value, null, 2)}\n`, rows: null });

/** A table of values that the columns name. */
export function csv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell>>[],
): Content {
  return {
    body: toCsv(
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ),
    rows: rows.length,
  };
}

const memberSchema = z.object({ sk: z.string(), email: z.string(), role: roleSchema, joinedAt: z.string() });
const everyDay = { first: '0000-01-01', last: '9999-12-31' } as const;
const minuteSchema = z.object({ sk: z.string(), events: z.number() });

export const accountSections = {
  company: {
    about: 'Your company: name, address, tier, status.',
    file: () => 'company.json',
    read: async ({ tenant }) => json({ ...tenantView(tenant), isolation: tenant.isolation }),
  },
  subscription: {
    about: 'Your subscription as the payment provider last told it; null when there is none.',
    file: () => 'subscription.json',
    read: async ({ tenant: { tenantId, tier }, control }) => {
      const subscription = await findSubscription(control, tenantId);
      return json(subscription ? { tier, ...subscription } : null);
    },
  },
  members: {
    about: 'Who may sign in to your company, with which role and since when.',
    file: () => 'members.csv',
    read: async ({ tenant: { tenantId }, control }) => {
      const members = await rowsBelow(control, controlKeys.member(tenantId, '').pk, 'MEMBER#');
      return csv(
        ['user_id', 'email', 'role', 'joined_at'],
        z
          .array(memberSchema)
          .parse(members)
          .map(({ sk, email, role, joinedAt }) => ({
            user_id: sk.slice('MEMBER#'.length),
            email,
            role,
            joined_at: joinedAt,
          })),
      );
    },
  },
  singleSignOn: {
    about: 'Your mail domains and your identity provider, without its secret, and who came by it.',
    file: () => 'single-sign-on.json',
    read: async ({ tenant: { tenantId }, control }) => {
      const { domains, provider, people } = await readSso(control, tenantId);
      return json({
        domains: domains.map(({ token: _, ...domain }) => domain),
        provider: provider ?? null,
        people,
      });
    },
  },
  apiKeys: {
    about: 'Your API keys by name. The keys themselves are not stored anywhere, so they cannot be exported.',
    file: () => 'api-keys.csv',
    read: async ({ tenant: { tenantId }, control }) => {
      const keys = await listApiKeys(control, tenantId);
      return csv(
        ['key_id', 'name', 'kind', 'hint', 'created_at', 'created_by'],
        keys.map(({ keyId, name, kind, hint, createdAt, createdBy }) => ({
          key_id: keyId,
          name,
          kind,
          hint,
          created_at: createdAt,
          created_by: createdBy,
        })),
      );
    },
  },
  webhooks: {
    about: 'Your webhooks. Their signing secrets are not in here: they are shown once, when they are made.',
    file: () => 'webhooks.csv',
    read: async ({ tenant: { tenantId }, control }) => {
      const webhooks = await listWebhooks(control, tenantId);
      return csv(
        ['webhook_id', 'url', 'description', 'events', 'enabled', 'created_at', 'created_by'],
        webhooks.map(({ webhookId, url, description, events, enabled, createdAt, createdBy }) => ({
          webhook_id: webhookId,
          url,
          description,
          events: events.join(' '),
          enabled: String(enabled),
          created_at: createdAt,
          created_by: createdBy,
        })),
      );
    },
  },
  models: {
    about:
      'The models that were trained from your events, newest first, 100 at most. A model can be trained again from the events.',
    file: () => 'models.csv',
    read: async ({ tenant: { tenantId }, control }) => {
      const models = await listModels(control, tenantId);
      return csv(
        ['version', 'created_at', 'events', 'items', 'bytes', 'algorithm', 'sha256', 'made_by', 'base'],
        models.map(({ version, createdAt, events, items, bytes, algorithm, sha256, madeBy, base }) => ({
          version,
          created_at: createdAt,
          events,
          items,
          bytes,
          algorithm,
          sha256,
          made_by: madeBy,
          base: base ?? '',
        })),
      );
    },
  },
  trainings: {
    about:
      'Trainings of the last half year that have ended, newest first, 100 at most: what came of each, and why a model was held back.',
    file: () => 'trainings.json',
    read: async ({ tenant: { tenantId }, control }) => json(await listTrainings(control, tenantId)),
  },
  rules: {
    about: 'What you wanted of your lists beside what the model says.',
    file: () => 'rules.json',
    read: async ({ tenant: { tenantId }, catalogue }) => json(await findRules(catalogue, tenantId)),
  },
  performance: {
    about: 'What the lists came to, by day in UTC, scenario, model and variant.',
    file: () => 'performance.csv',
    read: async ({ tenant: { tenantId }, attribution }) => {
      const counts = await readCounts(attribution, tenantId, everyDay);
      return csv(
        [
          'day',
          'scenario',
          'model_version',
          'variant',
          'impressions',
          'clicked_lists',
          'clicks',
          'conversions',
          'revenue',
        ],
        counts.map(({ modelVersion, clickedLists, revenue, ...row }) => ({
          ...row,
          model_version: modelVersion,
          clicked_lists: clickedLists,
          revenue: Object.entries(revenue)
            .map(([currency, amount]) => `${currency} ${amount}`)
            .join(' '),
        })),
      );
    },
  },
  erasures: {
    about: 'The certificates of shoppers that were erased. They name no shopper, but by a hash.',
    file: () => 'erasures.csv',
    read: async ({ tenant: { tenantId }, control }) => {
      const rows = await rowsBelow(control, controlKeys.erasures(tenantId).pk, 'DONE#');
      return csv(
        ['erasure_id', 'shopper_hash', 'requested_at', 'requested_by', 'completed_at', 'sha256'],
        z
          .array(doneErasureSchema)
          .parse(rows)
          .map(({ erasureId, requestedBy, certificate }) => ({
            erasure_id: erasureId,
            shopper_hash: certificate.shopperHash,
            requested_at: certificate.requestedAt,
            requested_by: requestedBy,
            completed_at: certificate.completedAt,
            sha256: certificate.sha256,
          })),
      );
    },
  },
  meteredUsage: {
    about: 'What was metered, by day in UTC and meter, in the units that are charged.',
    file: () => 'metered-usage.csv',
    read: async ({ tenant: { tenantId }, usage }) => {
      const days = await Promise.all(meterNames.map((meter) => readDays(usage, tenantId, meter, everyDay)));
      return csv(
        ['day', 'meter', 'quantity', 'unit'],
        meterNames.flatMap((meter, index) =>
          [...(days[index] ?? [])].map(([day, steps]) => ({
            day,
            meter,
            quantity: unitsOf(meter, steps),
            unit: meters[meter].unit,
          })),
        ),
      );
    },
  },
  usage: {
    about: 'How many events arrived, in all and in each minute of the last two days in which there were any.',
    file: () => 'usage.csv',
    read: async ({ tenant: { tenantId }, usage }) => {
      const pk = `TENANT#${tenantId}`;
      const [totals, minutes] = await Promise.all([rowsBelow(usage, pk, 'TOTAL'), rowsBelow(usage, pk, 'MINUTE#')]);
      return csv(
        ['period', 'events'],
        z
          .array(minuteSchema)
          .parse([...totals, ...minutes])
          .map(({ sk, events }) => ({ period: sk === 'TOTAL' ? 'total' : sk.slice('MINUTE#'.length), events })),
      );
    },
  },
} as const satisfies Record<string, Section>;
