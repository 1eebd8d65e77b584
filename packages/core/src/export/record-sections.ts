import * as z from 'zod';
import { findAudit } from '../audit/read.ts';
import { itemPlaceSchema, listItems } from '../catalogue/store.ts';
import { parseEventRow } from '../events/store.ts';
import { csv } from './account-sections.ts';
import { readShopperRows } from './shopper-rows.ts';
import type { Section } from './source.ts';

/** What there may be much of; each is in as many files as it takes. */

const partOf = (folder: string) => (part: number) => `${folder}/part-${String(part).padStart(4, '0')}.csv`;

const auditPlaceSchema = z.object({ after: z.string() });

const recommendationSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  modelVersion: z.string(),
  servedBy: z.string(),
  items: z.array(z.string()),
});

export const recordSections = {
  audit: {
    about: 'Who did what in your company and when, newest first. The details are JSON.',
    file: partOf('audit'),
    read: async ({ tenant: { tenantId }, audit, limits }, place) => {
      const after = place === undefined ? undefined : auditPlaceSchema.parse(place).after;
      const { entries, next } = await findAudit(audit, tenantId, {}, { limit: limits.pageRows, after });
      const content = csv(
        ['entry_id', 'at', 'actor', 'action', 'details'],
        entries.map(({ id, details, ...entry }) => ({ ...entry, entry_id: id, details: JSON.stringify(details) })),
      );
      return { ...content, ...(next ? { next: { after: next } } : {}) };
    },
  },
  items: {
    about: 'The items of your catalogue, by their ids. Category and attributes are JSON.',
    file: partOf('items'),
    read: async ({ tenant: { tenantId }, catalogue, limits }, place) => {
      const from = place === undefined ? undefined : itemPlaceSchema.parse(place);
      const { items, next } = await listItems(catalogue, tenantId, { from, limit: limits.pageRows });
      const content = csv(
        ['item_id', 'title', 'url', 'image_url', 'category', 'price', 'currency', 'available', 'attributes'],
        items.map(({ id, title, url, imageUrl, category, price, available, attributes }) => ({
          item_id: id,
          title,
          url,
          image_url: imageUrl,
          category: category && JSON.stringify(category),
          price: price?.amount,
          currency: price?.currency,
          available: String(available),
          attributes: attributes && JSON.stringify(attributes),
        })),
      );
      return { ...content, ...(next ? { next } : {}) };
    },
  },
  events: {
    about: 'The events that your shop sent and that are still kept, shopper by shopper, oldest first.',
    file: partOf('events'),
    read: async ({ tenant: { tenantId }, events, shoppers, limits }, place) => {
      const { rows, next } = await readShopperRows({ shoppers, rows: events }, tenantId, place, limits);
      const content = csv(
        ['event_id', 'time', 'shopper_id', 'item_id', 'type', 'session_id', 'key_id'],
        rows.map((row) => {
          const { event, keyId } = parseEventRow(row);
          const { id, time, shopperId, itemId, type, sessionId } = event;
          return {
            event_id: id,
            time,
            shopper_id: shopperId,
            item_id: itemId,
            type,
            session_id: sessionId,
            key_id: keyId,
          };
        }),
      );
      return { ...content, ...(next ? { next } : {}) };
    },
  },
  recommendations: {
    about:
      'What was recommended to whom, by which model, as far as it is still kept. Items are separated by spaces, best first.',
    file: partOf('recommendations'),
    read: async ({ tenant: { tenantId }, recommendations, shoppers, limits }, place) => {
      const { rows, next } = await readShopperRows({ shoppers, rows: recommendations }, tenantId, place, limits);
      const content = csv(
        ['recommendation_id', 'time', 'shopper_id', 'model_version', 'served_by', 'item_ids'],
        z
          .array(recommendationSchema)
          .parse(rows)
          .map(({ pk, sk, modelVersion, servedBy, items }) => {
            const [time, id] = sk.split('#');
            return {
              recommendation_id: id,
              time,
              shopper_id: pk.slice(tenantId.length + 1),
              model_version: modelVersion,
              served_by: servedBy,
              item_ids: items.join(' '),
            };
          }),
      );
      return { ...content, ...(next ? { next } : {}) };
    },
  },
} as const satisfies Record<string, Section>;
