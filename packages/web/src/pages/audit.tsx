import { ChainPanel } from '../audit/chain-panel.tsx';
import { EntriesPanel } from '../audit/entries-panel.tsx';
import { auditMessages } from '../audit/messages.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';

/** Who did what and when, and that nothing of it was changed. */
export function AuditPage() {
  const text = useText(auditMessages);
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
