import { listAudit } from '@tenantry/core/audit/audit';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { idPattern } from '@tenantry/core/ids/id';
import { z } from 'zod';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

const placeSchema = z.strictObject({ after: z.string().regex(idPattern('audit')) });

export const handler = createApi('audit', createScope('api/audit'), {
  listAudit: async ({ tenant: { tenantId }, scoped, query: { limit, cursor } }) => {
    const after = cursor ? decodeCursor(cursor, placeSchema).after : undefined;
    const { entries, next } = await listAudit(scoped['tenant-audit'].Audit, tenantId, { limit, after });
    return { entries: [...entries], cursor: next ? encodeCursor({ after: next }) : null };
  },
});
