import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { usageMessages } from '../usage/messages.ts';
import { UsagePanel } from '../usage/usage-panel.tsx';
import { NotForYou } from './not-for-you.tsx';

/** What was used and what it will cost. */
export function UsagePage() {
  const text = useText(usageMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('getUsage')) return <NotForYou title={text.usageTitle} />;
  return (
    <>
      <PageTitle note={text.note}>{text.usageTitle}</PageTitle>
      <UsagePanel />
    </>
  );
}
