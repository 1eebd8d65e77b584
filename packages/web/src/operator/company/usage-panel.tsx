import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { TimeChart } from '../../parts/chart/time-chart.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { companyUsageQuery } from '../queries.ts';
import { companyMessages } from './messages.ts';

/** Events and recommendations of a company by the day. */
export function UsagePanel({ tenantId }: { readonly tenantId: CallOutput<'readTenant'>['id'] }) {
  const { date } = useMessages();
  const text = useText(companyMessages);
  const { data, error, isPending, refetch } = useQuery(companyUsageQuery(tenantId));
  const unused = data?.days.every(({ events, recommendations }) => events + recommendations === 0);
  return (
    <Panel title={text.daily}>
      {isPending && <Skeleton lines={5} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {unused && <p className="text-soft">{text.unused}</p>}
      {data && !unused && (
        <TimeChart
          label={text.daily}
          points={data.days.map(({ day, ...use }) => ({ at: `${day}T00:00:00.000Z`, ...use }))}
          series={[
            { key: 'events', name: text.events },
            { key: 'recommendations', name: text.recommendations },
          ]}
          formatTime={date}
        />
      )}
    </Panel>
  );
}
