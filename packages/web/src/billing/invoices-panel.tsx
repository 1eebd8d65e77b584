import { useQuery } from '@tanstack/react-query';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { billingMessages } from './messages.ts';

/** The newest invoices; the older ones are in Stripe's portal. */
export function InvoicesPanel() {
  const { money, date } = useMessages();
  const text = useText(billingMessages);
  const invoices = useQuery(queries.invoices);
  return (
    <Panel title={text.invoicesTitle}>
      {invoices.isPending && <Skeleton />}
      {invoices.error && <ProblemNotice error={invoices.error} retry={() => invoices.refetch()} />}
      {invoices.data?.invoices.length === 0 && <p className="text-soft">{text.invoicesEmpty}</p>}
      <ul className="divide-y divide-line">
        {invoices.data?.invoices.map(({ id, number, status, amount, currency, createdAt, pageUrl }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            {pageUrl ? (
              <a href={pageUrl} className="underline underline-offset-4">
                {number ?? id}
              </a>
            ) : (
              <span>{number ?? id}</span>
            )}
            <span className="text-soft">{date(createdAt)}</span>
            <span>{money(amount, currency)}</span>
            <span className="rounded-full bg-tint px-3 py-0.5 text-sm">{text.invoiceStatus[status] ?? status}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
