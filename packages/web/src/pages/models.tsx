import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { ModelsPanel } from '../models/models-panel.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** The models that were trained, and the way to another. */
export function ModelsPage() {
  const { t } = useMessages();
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listModels')) return <NotForYou title={t.modelsTitle} />;
  return (
    <>
      <PageTitle>{t.modelsTitle}</PageTitle>
      <ModelsPanel />
    </>
  );
}
