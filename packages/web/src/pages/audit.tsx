import { ChainPanel } from '../audit/chain-panel.tsx';
import { EntriesPanel } from '../audit/entries-panel.tsx';
import { auditMessages } from '../audit/messages.ts';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Who did what and when, and that nothing of it was changed. */
export function AuditPage() {
  const text = useText(auditMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listAudit')) return <NotForYou title={text.title} />;
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        <EntriesPanel />
        <ChainPanel />
      </div>
    </>
  );
}
