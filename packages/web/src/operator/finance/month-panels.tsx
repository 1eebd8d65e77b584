import { Link } from '@tanstack/react-router';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Stat } from '../../parts/stat.tsx';
import { tierTitle } from '../../pricing/tier-title.ts';
import { useUsd } from '../parts/usd.ts';
import { When } from '../parts/when.tsx';
import { financeCsv } from './csv.ts';
import { financeMessages } from './messages.ts';
import { costByService } from './services.ts';

type Month = CallOutput<'readFinance'>;
export type CompanyMonth = CallOutput<'listFinance'>['tenants'][number];

const sum = (values: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(values).reduce<number>((total, value) => total + (value ?? 0), 0);

/** What a month came to, in a row of figures. */
export function MonthFigures({ stage }: { readonly stage: Month }) {
  const { money, number } = useMessages();
  const text = useText(financeMessages);
  const usd = useUsd();
  const { total, metrics } = stage;
  const mrr = Object.entries(total.mrr).map(([currency, amount]) => money(amount, currency));
  return (
    <>
      <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        <Stat name={text.revenue} value={usd(total.earnedMicro)} note={`${text.mrr}: ${mrr.join(', ') || '–'}`} />
        <Stat name={text.cost} value={usd(total.costMicro)} />
        <Stat name={text.margin} value={usd(total.earnedMicro - total.costMicro)} />
        <Stat
          name={text.companies}
          value={number(metrics.companies.closing)}
          note={text.gained(metrics.companies.gained, metrics.companies.lost)}
        />
      </dl>
      <p className="text-sm text-soft">
        {text.settled} <When at={stage.settledAt} />. {text.prices(stage.pricesAsOf, stage.ratesAsOf)} {text.trials}:{' '}
        {text.trialsText(metrics.trials.started, metrics.trials.converted, metrics.trials.lost)}.{' '}
        {stage.failed > 0 && <span className="text-bad">{text.failed(stage.failed)}</span>}
      </p>
    </>
  );
}

/** A month by tier, and what all companies share. */
export function MonthTables({ stage }: { readonly stage: Month }) {
  const { number } = useMessages();
  const text = useText(financeMessages);
  const usd = useUsd();
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2 lg:items-start">
      <Panel title={text.byTier}>
        <DataTable
          label={text.byTier}
          rows={Object.entries(stage.byTier)}
          rowKey={([tier]) => tier}
          columns={[
            { title: text.tier, cell: ([tier]) => tierTitle(tier) },
            { title: text.companies, numeric: true, cell: ([, sums]) => number(sums.companies) },
            { title: text.revenue, numeric: true, cell: ([, sums]) => usd(sums.earnedMicro) },
            { title: text.cost, numeric: true, cell: ([, sums]) => usd(sums.directMicro + sums.sharedMicro) },
            { title: text.margin, numeric: true, cell: ([, sums]) => usd(sums.marginMicro) },
          ]}
        />
      </Panel>
      <Panel title={text.pots}>
        <DataTable
          label={text.pots}
          rows={Object.entries(stage.total.shared)}
          rowKey={([pot]) => pot}
          columns={[
            { title: text.pot, cell: ([pot]) => pot },
            { title: text.cost, numeric: true, cell: ([, micro]) => usd(micro) },
            {
              title: text.unallocated,
              numeric: true,
              cell: ([pot]) => usd(stage.total.unallocated[pot as keyof typeof stage.total.unallocated] ?? 0),
            },
          ]}
        />
      </Panel>
    </div>
  );
}

/** Gives the browser a file. */
function save(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A month by service and company by company, with the file of it. */
export function CompanyTables({ month, rows }: { readonly month: string; readonly rows: readonly CompanyMonth[] }) {
  const text = useText(financeMessages);
  const usd = useUsd();
  if (rows.length === 0) return <p className="text-soft">{text.none}</p>;
  return (
    <>
      <Panel title={text.byService}>
        <DataTable
          label={text.byService}
          rows={costByService(rows.map(({ cost }) => cost as Readonly<Record<string, number>>))}
          rowKey={({ service }) => service}
          columns={[
            { title: text.service, cell: ({ service }) => text.services[service] ?? service },
            { title: text.direct, numeric: true, cell: ({ micro }) => usd(micro) },
          ]}
        />
      </Panel>
      <Panel
        title={text.byCompany}
        aside={
          <Button title={text.downloadHint} onClick={() => save(`finance-${month}.csv`, financeCsv(rows))}>
            {text.download}
          </Button>
        }
      >
        <DataTable
          label={text.byCompany}
          rows={rows}
          rowKey={({ tenantId }) => tenantId}
          columns={[
            {
              title: text.company,
              cell: ({ tenantId, name, gone }) =>
                name === null || gone ? (
                  <span className="text-soft wrap-anywhere">
                    {tenantId} · {text.gone}
                  </span>
                ) : (
                  <Link
                    to="/operator/$tenantId"
                    params={{ tenantId }}
                    className="font-medium underline underline-offset-4"
                  >
                    {name}
                  </Link>
                ),
            },
            { title: text.tier, cell: ({ tier }) => tierTitle(tier) },
            {
              title: text.revenue,
              numeric: true,
              cell: ({ marginMicro, cost, shares }) => usd(marginMicro + sum(cost) + sum(shares)),
            },
            { title: text.direct, numeric: true, cell: ({ cost }) => usd(sum(cost)) },
            { title: text.shared, numeric: true, cell: ({ shares }) => usd(sum(shares)) },
            {
              title: text.margin,
              numeric: true,
              cell: ({ marginMicro }) => (
                <span className={marginMicro < 0 ? 'text-bad' : undefined}>{usd(marginMicro)}</span>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}
