import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { companySiloQuery } from '../queries.ts';
import { Facts } from './facts.tsx';
import { companyMessages } from './messages.ts';

/** What a company's silo is to run, and what it says of itself. */
export function SiloPanel({ tenantId }: { readonly tenantId: CallOutput<'readTenant'>['id'] }) {
  const { number } = useMessages();
  const text = useText(companyMessages);
  const { data, error, isPending, refetch } = useQuery(companySiloQuery(tenantId));
  const answers = !data?.problem ? (
    <span className="text-good">{text.yes}</span>
  ) : (
    <span className="text-bad">{data.problem}</span>
  );
  return (
    <Panel title={text.silo}>
      {isPending && <Skeleton lines={4} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {data && (
        <div className="space-y-4">
          <Facts
            facts={[
              [text.version, data.answer?.version ?? data.version ?? '–'],
              [text.ring, data.ring === 'canary' ? text.ringFirst : text.ringUsual],
              ...(data.pinned ? ([[text.pinned, data.pinned]] as const) : []),
              [text.answers, answers],
              [text.requests, data.answer ? number(data.answer.requests) : '–'],
              [text.faults, data.answer ? number(data.answer.errors) : '–'],
            ]}
          />
          {data.logsUrl && (
            <a href={data.logsUrl} className="text-sm underline underline-offset-4">
              {text.logs}
            </a>
          )}
        </div>
      )}
    </Panel>
  );
}
