import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { financePage, financePlaceSchema, namesOf } from '@tenantry/core/money/finance-row';
import { monthOf, monthsUntil } from '@tenantry/core/money/month';
import { findStageMonth, readStageMonth } from '@tenantry/core/money/stage-month';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('api/finance');

/** How far back the months are compared. */
const MONTHS = 12;

export const handler = createApi('finance', undefined, {
  readFinance: ({ query: { month }, now }) => readStageMonth(control, month ?? monthOf(now)),
  listFinanceMonths: async ({ now }) => {
    const found = await Promise.all(monthsUntil(now, MONTHS).map((month) => findStageMonth(control, month)));
    return {
      months: found.flatMap((stage) =>
        stage
          ? [
              {
                month: stage.month,
                companies: stage.total.companies,
                earnedMicro: stage.total.earnedMicro,
                costMicro: stage.total.costMicro,
              },
            ]
          : [],
      ),
    };
  },
  listFinance: async ({ query: { month, sort, limit, cursor }, now }) => {
    const after = cursor ? decodeCursor(cursor, financePlaceSchema) : undefined;
    const options = { limit, descending: sort === '-margin', after };
    const { rows, next } = await financePage(control, month ?? monthOf(now), options);
    const names = await namesOf(
      control,
      rows.filter(({ gone }) => !gone).map(({ tenantId }) => tenantId),
    );
    return {
      tenants: rows.map((row) => ({ ...row, name: names.get(row.tenantId) ?? null })),
      cursor: next ? encodeCursor(next) : null,
    };
  },
});
