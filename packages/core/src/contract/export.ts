import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { idPattern } from '../ids/id.ts';
import type { TenantStatus } from '../tenant/status.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

/** Whoever stays and whoever leaves may take the data along, a suspended company too. */
const whileThereIsData = [
  'active',
  'migrating',
  'suspended',
  'deactivating',
] as const satisfies readonly TenantStatus[];

export const exportSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'succeeded', 'failed']),
  requestedAt: timeSchema,
  /** A user's id. */
  requestedBy: z.string(),
  /** When the files are deleted. */
  expiresAt: timeSchema,
  /** How far it is, in per cent. */
  progress: z.int().min(0).max(100),
  endedAt: timeSchema.nullable(),
  /** How many files there are, and their bytes together; null until it has succeeded. */
  files: z.int().nullable(),
  bytes: z.int().nullable(),
  /** Why it failed. */
  reason: z.string().nullable(),
});

export const exportFileSchema = z.object({
  name: z.string(),
  /** Lines below the header; null for what is no table. */
  rows: z.int().nullable(),
  bytes: z.int(),
  sha256: z.string(),
  /** Fetches the file without any other credentials. */
  url: z.url(),
});

export const exportRoutes = {
  startExport: {
    id: 'startExport',
    method: 'POST',
    path: '/v1/tenant/exports',
    function: 'exports',
    access: { by: 'member', roles: atLeast('owner'), statuses: whileThereIsData },
    summary: 'Export all data of the company into files; one export runs at a time',
    response: { status: 202, schema: z.object({ exportId: z.string() }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active', 'conflict'],
    idempotent: true,
    cost: 'heavy',
  },
  listExports: {
    id: 'listExports',
    method: 'GET',
    path: '/v1/tenant/exports',
    function: 'exports',
    access: { by: 'member', roles: atLeast('owner'), statuses: whileThereIsData },
    summary: 'The exports of the last seven days, newest first',
    response: { status: 200, schema: z.object({ exports: z.array(exportSchema) }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'],
    cost: 'light',
  },
  listExportFiles: {
    id: 'listExportFiles',
    method: 'GET',
    path: '/v1/tenant/exports/{exportId}/files',
    function: 'exports',
    access: { by: 'member', roles: atLeast('owner'), statuses: whileThereIsData },
    summary: 'The files of an export with links that work for a quarter of an hour at most',
    params: z.object({ exportId: z.string().regex(idPattern('export'), 'must be an export id') }),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(100),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({
        files: z.array(exportFileSchema),
        /** Until when the links of this answer work. */
        linksValidUntil: timeSchema,
        cursor: z.string().nullable(),
      }),
    },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'invalid_request',
      'tenant_not_active',
      'not_found',
      'conflict',
    ],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
