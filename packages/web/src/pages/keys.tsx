import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { CreateKeyDialog } from '../keys/create-key.tsx';
import { KeysPanel } from '../keys/keys-panel.tsx';
import { keysMessages } from '../keys/messages.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** The keys that the shop's pages and servers show. */
export function KeysPage() {
  const text = useText(keysMessages);
  const viewer = useViewer();
  const [creating, setCreating] = useState(false);
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listApiKeys')) return <NotForYou title={text.title} />;
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          viewer.may('createApiKey') && (
            <Button look="strong" onClick={() => setCreating(true)}>
              {text.createKey}
            </Button>
          )
        }
      >
        {text.title}
      </PageTitle>
      <KeysPanel onCreate={() => setCreating(true)} />
      {creating && <CreateKeyDialog onClose={() => setCreating(false)} />}
    </>
  );
}
