import { useText } from '../../messages/define.ts';
import { PageTitle } from '../../parts/page-title.tsx';
import { fleetMessages } from './messages.ts';
import { RolloutsPanel } from './rollouts-panel.tsx';
import { SilosPanel } from './silos-panel.tsx';

/** The silos, and how new versions come to them. */
export function FleetPage() {
  const text = useText(fleetMessages);
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        <RolloutsPanel />
        <SilosPanel />
      </div>
    </>
  );
}
