import { chainStart } from '@tenantry/core/audit/chain';
import { findAudit } from '@tenantry/core/audit/read';
import { sealNumbers } from '@tenantry/core/audit/seal';
import { verifyChain } from '@tenantry/core/audit/verification';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { idPattern } from '@tenantry/core/ids/id';
import * as z from 'zod';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

const placeSchema = z.strictObject({ after: z.string().regex(idPattern('audit')) });
const chainPlaceSchema = z.strictObject({
  number: z.int().min(1).max(999_999_999_999),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

export const handler = createApi('audit', createScope('api/audit'), {
  listAudit: async ({ tenant: { tenantId }, scoped, query: { limit, cursor, from, to, actor, action } }) => {
    const { Audit } = scoped['tenant-audit'];
    const after = cursor ? decodeCursor(cursor, placeSchema).after : undefined;
    const filter = { from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined, actor, action };
    const { entries, next } = await findAudit(Audit, tenantId, filter, { limit, after });
    const sealed = await sealNumbers(
      Audit,
      tenantId,
      entries.map(({ id }) => id),
    );
    return {
      entries: entries.map((entry) => ({ ...entry, sealed: sealed.get(entry.id) ?? null })),
      cursor: next ? encodeCursor({ after: next }) : null,
    };
  },
  verifyAudit: async ({ tenant: { tenantId }, scoped, query: { cursor } }) => {
    const from = cursor ? decodeCursor(cursor, chainPlaceSchema) : chainStart;
    const { place, done, ...found } = await verifyChain(scoped['tenant-audit'].Audit, tenantId, from);
    return { ...found, unbroken: place, cursor: done ? null : encodeCursor(place) };
  },
});
