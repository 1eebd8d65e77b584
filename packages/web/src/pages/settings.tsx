import { useQuery } from '@tanstack/react-query';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { DangerPanel } from '../settings/danger-panel.tsx';
import { settingsMessages } from '../settings/messages.ts';
import { NamePanel } from '../settings/name-panel.tsx';

/** What the company is called, and how it leaves. */
export function SettingsPage() {
  const text = useText(settingsMessages);
  const viewer = useViewer();
  const tenant = useQuery({ ...queries.tenant, enabled: viewer?.may('getTenant') ?? false });
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      {(tenant.isPending || !viewer) && <Skeleton lines={8} />}
      {tenant.error && <ProblemNotice error={tenant.error} retry={() => tenant.refetch()} />}
      {tenant.data && viewer && (
        <div className="grid grid-cols-1 gap-5">
          <NamePanel key={tenant.data.id} tenant={tenant.data} mayChange={viewer.may('updateTenant')} />
          {viewer.role === 'owner' && !tenant.data.deactivation && (
            <DangerPanel tenant={tenant.data} mayLeave={viewer.may('deactivateTenant')} />
          )}
        </div>
      )}
    </>
  );
}
