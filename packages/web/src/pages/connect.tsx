import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { EventStep } from '../connect/event-step.tsx';
import { KeyStep } from '../connect/key-step.tsx';
import { noKey, snippetFor } from '../connect/snippet.ts';
import { JourneySteps } from '../journey/journey-steps.tsx';
import { journeyMessages } from '../journey/messages.ts';
import { useText } from '../messages/define.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** From a company that is set up to its first recommendation: a key, the snippet, the first event. */
export function ConnectPage() {
  const text = useText(journeyMessages);
  const viewer = useViewer();
  const [secret, setSecret] = useState<string>();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('getActivity')) return <NotForYou title={text.connectTitle} />;
  return (
    <>
      <JourneySteps at="connect" />
      <PageTitle note={text.connectNote}>{text.connectTitle}</PageTitle>
      <div className="max-w-3xl space-y-5">
        <KeyStep secret={secret} onSecret={setSecret} />
        <Panel title={text.snippetTitle}>
          <p className="mb-4 text-soft">{text.snippetText}</p>
          <CodeBlock label={text.snippetTitle} text={snippetFor(globalThis.location.origin, secret ?? noKey)} />
        </Panel>
        <EventStep secret={secret} />
      </div>
    </>
  );
}
