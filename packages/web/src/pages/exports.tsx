import { useViewer } from '../company/company.ts';
import { ExportsPanel } from '../exports/exports-panel.tsx';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Where an owner takes all data of the company along. */
export function ExportsPage() {
  const { t } = useMessages();
  const text = useText(navigationMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listExports')) return <NotForYou title={t.exportsTitle} />;
  return (
    <>
      <PageTitle>{text.pages.exports}</PageTitle>
      <ExportsPanel />
    </>
  );
}
