import { useQuery } from '@tanstack/react-query';
import { useText } from '../../messages/define.ts';
import { PageTitle } from '../../parts/page-title.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { FlagPanel } from './flag-panel.tsx';
import { flagsMessages } from './messages.ts';
import { flagsQuery } from './queries.ts';

/** What is on for whom. */
export function FlagsPage() {
  const text = useText(flagsMessages);
  const { data, error, isPending, refetch } = useQuery(flagsQuery);
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      {isPending && <Skeleton lines={6} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      <div className="grid grid-cols-1 gap-5">
        {data?.flags.map((flag) => (
          // Set anew by somebody else, the form begins anew.
          <FlagPanel key={`${flag.name} ${flag.revision}`} flag={flag} />
        ))}
      </div>
    </>
  );
}
