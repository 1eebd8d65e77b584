import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { billingMessages } from '../../billing/messages.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { companyInvoicesQuery } from '../queries.ts';
import { companyMessages } from './messages.ts';

/** The newest invoices of a company. */
export function InvoicesPanel({ tenantId }: { readonly tenantId: CallOutput<'readTenant'>['id'] }) {
  const { date, money } = useMessages();
  const text = useText(companyMessages);
  const states = useText(billingMessages).invoiceStatus;
  const { data, error, isPending, refetch } = useQuery(companyInvoicesQuery(tenantId));
  return (
    <Panel title={text.invoices}>
      {isPending && <Skeleton lines={3} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {data?.invoices.length === 0 && <p className="text-soft">{text.noInvoices}</p>}
      {data && data.invoices.length > 0 && (
        <DataTable
          label={text.invoices}
          rows={data.invoices}
          rowKey={({ id }) => id}
          columns={[
            {
              title: text.number,
              cell: ({ number, pageUrl }) =>
                pageUrl ? (
                  <a href={pageUrl} className="underline underline-offset-4">
                    {number ?? text.open}
                  </a>
                ) : (
                  (number ?? '–')
                ),
            },
            { title: text.date, cell: ({ createdAt }) => date(createdAt) },
            { title: text.state, cell: ({ status }) => states[status] ?? status },
            { title: text.amount, numeric: true, cell: ({ amount, currency }) => money(amount, currency) },
          ]}
        />
      )}
    </Panel>
  );
}
