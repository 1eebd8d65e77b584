import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { AskDialog } from '../erasures/ask-dialog.tsx';
import { ErasuresPanel } from '../erasures/erasures-panel.tsx';
import { erasuresMessages } from '../erasures/messages.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Shoppers who wanted to be forgotten, and what became of that. */
export function ErasuresPage() {
  const text = useText(erasuresMessages);
  const viewer = useViewer();
  const [asking, setAsking] = useState(false);
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listErasures')) return <NotForYou title={text.title} />;
  const ask = viewer.may('requestErasure') && (
    <Button look="danger" onClick={() => setAsking(true)}>
      {text.ask}
    </Button>
  );
  return (
    <>
      <PageTitle note={text.note} actions={ask}>
        {text.title}
      </PageTitle>
      <ErasuresPanel ask={ask} />
      {asking && <AskDialog onClose={() => setAsking(false)} />}
    </>
  );
}
