import * as z from 'zod';
import { itemSchema } from '../catalogue/item.ts';
import { atLeast } from '../identity/role.ts';
import { ruleSchema, rulesSchema } from '../rules/rule.ts';
import { servedStatuses } from '../tenant/status.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';
import { opaqueIdSchema } from './schemas.ts';

export const itemsPerRequestMax = 100;

const batchOf = <S extends z.ZodType>(one: S) =>
  z
    .array(one)
    .min(1, 'must hold at least one item')
    .max(itemsPerRequestMax, `must hold at most ${itemsPerRequestMax} items`);

const listQuery = z.strictObject({
  limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(50),
  cursor: cursorSchema.optional(),
});
const browseQuery = listQuery.extend({
  /** Items whose id, title or category holds this, in whatever case. */
  search: z.string().trim().min(1).max(100).optional(),
});
const listResponse = z.object({ items: z.array(itemSchema), cursor: z.string().nullable() });

/** The items themselves are checked one by one, so that one bad item does not refuse the others. */
const putBody = z.strictObject({ items: batchOf(z.unknown()) });
const putResponse = z.object({
  accepted: z.int(),
  rejected: z.int(),
  verdicts: z.array(
    z.object({
      index: z.int(),
      id: z.string().nullable(),
      verdict: z.enum(['accepted', 'rejected']),
      errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  ),
});
const idsBody = z.strictObject({ itemIds: batchOf(opaqueIdSchema) });

const ruleSetSchema = z.object({ version: z.int(), rules: z.array(ruleSchema) });

const keyErrors = ['invalid_api_key', 'forbidden', 'invalid_request', 'rate_limited', 'unavailable'] as const;
const memberErrors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'] as const;

export const catalogueRoutes = {
  putItems: {
    id: 'putItems',
    method: 'PUT',
    path: '/v1/items',
    function: 'catalogue',
    access: { by: 'apiKey', kinds: ['secret'], statuses: servedStatuses },
    summary: 'Put up to 100 items into the catalogue, in the place of what they were; each gets a verdict of its own',
    body: putBody,
    bodyBytesMax: 1024 * 1024,
    response: { status: 202, schema: putResponse },
    errors: [...keyErrors, 'body_too_large', 'limit_reached'],
    cost: 'light',
    example: {
      request: {
        items: [
          {
            id: 'sku-42',
            title: 'Desk lamp',
            category: ['Lamps', 'Desk'],
            price: { amount: 4900, currency: 'EUR' },
            available: true,
            attributes: { colour: 'black', watts: 8 },
          },
        ],
      },
    },
  },
  deleteItems: {
    id: 'deleteItems',
    method: 'POST',
    path: '/v1/items/delete',
    function: 'catalogue',
    access: { by: 'apiKey', kinds: ['secret'], statuses: servedStatuses },
    summary: 'Take up to 100 items out of the catalogue',
    body: idsBody,
    bodyBytesMax: 64 * 1024,
    response: { status: 202, schema: z.object({ itemIds: z.array(z.string()) }) },
    errors: keyErrors,
    cost: 'light',
    example: { request: { itemIds: ['sku-42'] } },
  },
  listItems: {
    id: 'listItems',
    method: 'GET',
    path: '/v1/items',
    function: 'catalogue',
    access: { by: 'apiKey', kinds: ['secret'], statuses: servedStatuses },
    summary: 'The catalogue by the ids of its items, page by page',
    query: listQuery,
    response: { status: 200, schema: listResponse },
    errors: keyErrors,
    cost: 'light',
  },
  browseItems: {
    id: 'browseItems',
    method: 'GET',
    path: '/v1/tenant/items',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'The same pages, for the console; a search may give an empty page before the last',
    query: browseQuery,
    response: { status: 200, schema: listResponse },
    errors: [...memberErrors, 'invalid_request'],
    cost: 'light',
  },
  lookUpItems: {
    id: 'lookUpItems',
    method: 'POST',
    path: '/v1/tenant/items/lookup',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'What the catalogue says of up to 100 items; those that it does not know are left out',
    body: idsBody,
    bodyBytesMax: 64 * 1024,
    response: { status: 200, schema: z.object({ items: z.array(itemSchema) }) },
    errors: [...memberErrors, 'invalid_request'],
    cost: 'light',
    example: { request: { itemIds: ['sku-42'] } },
  },
  editItems: {
    id: 'editItems',
    method: 'PUT',
    path: '/v1/tenant/items',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary: 'The same as `PUT /v1/items`, for people at the console',
    body: putBody,
    bodyBytesMax: 1024 * 1024,
    response: { status: 202, schema: putResponse },
    errors: [...memberErrors, 'invalid_request', 'body_too_large', 'limit_reached', 'unavailable'],
    cost: 'light',
    example: { request: { items: [{ id: 'sku-42', title: 'Desk lamp' }] } },
  },
  removeItems: {
    id: 'removeItems',
    method: 'POST',
    path: '/v1/tenant/items/delete',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary: 'The same as `POST /v1/items/delete`, for people at the console',
    body: idsBody,
    bodyBytesMax: 64 * 1024,
    response: { status: 202, schema: z.object({ itemIds: z.array(z.string()) }) },
    errors: [...memberErrors, 'invalid_request', 'unavailable'],
    cost: 'light',
    example: { request: { itemIds: ['sku-42'] } },
  },
  getRules: {
    id: 'getRules',
    method: 'GET',
    path: '/v1/tenant/rules',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'What the company wants of its lists beside what the model says',
    response: { status: 200, schema: ruleSetSchema },
    errors: memberErrors,
    cost: 'light',
  },
  putRules: {
    id: 'putRules',
    method: 'PUT',
    path: '/v1/tenant/rules',
    function: 'catalogue',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary: 'Put rules in the place of all that there are; `version` is that of the rules that were read before',
    body: z.strictObject({ version: z.int().nonnegative(), rules: rulesSchema }),
    bodyBytesMax: 256 * 1024,
    response: { status: 200, schema: ruleSetSchema },
    errors: [...memberErrors, 'invalid_request', 'body_too_large', 'conflict'],
    cost: 'light',
    example: {
      request: {
        version: 0,
        rules: [{ name: 'Clearance last', effect: 'bury', on: { category: ['Clearance'] } }],
      },
    },
  },
} as const satisfies Record<string, Route>;
