import { useViewer } from '../company/company.ts';
import { ExportsPanel } from '../exports/exports-panel.tsx';
import { exportsMessages } from '../exports/messages.ts';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Where an owner takes all data of the company along. */
export function ExportsPage() {
  const text = useText(exportsMessages);
  const menu = useText(navigationMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listExports')) return <NotForYou title={text.title} />;
  return (
    <>
      <PageTitle>{menu.pages.exports}</PageTitle>
      <ExportsPanel />
    </>
  );
}
