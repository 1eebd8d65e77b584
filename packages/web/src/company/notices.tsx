import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { StandingNotice } from '../billing/standing-notice.tsx';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queries } from '../queries.ts';
import { withNothingAsked } from '../queries-at-rest.ts';
import { LeavingNotice } from '../settings/leaving-notice.tsx';
import { useViewer } from './company.ts';

/** Why the shop gets no answers any more, and what to do. */
function SuspendedNotice() {
  const { t } = useMessages();
  return (
    <div role="alert" className="mb-5 space-y-1 rounded-xl border border-wait bg-panel p-5">
      <p className="font-medium">{t.suspendedTitle}</p>
      <p className="text-soft">{t.suspendedText}</p>
    </div>
  );
}

/** What the owner should do about the billing. */
function BillingNotice() {
  const billing = useQuery(queries.billing);
  return billing.data ? <StandingNotice billing={billing.data} owner={true} /> : null;
}

/** Tells staff whose console this is, and lets it go again. */
function ImpersonationNotice({ until, tenantId }: { readonly until: string; readonly tenantId: `ten_${string}` }) {
  const { t, time } = useMessages();
  const tenant = useQuery(queries.tenant);
  const client = useQueryClient();
  const end = useMutation({
    // What the page still asks for when it ends would be refused.
    mutationFn: () => withNothingAsked(client, () => api('endImpersonation', { params: { tenantId } })),
    // The start page is opened anew, with a token of its own: one before that would ask for this page once more, as nobody who may see it.
    onSuccess: () => window.location.assign('/'),
  });
  return (
    <div
      role="status"
      className="mb-5 flex flex-wrap items-center justify-between gap-3 rounded-xl border border-wait bg-panel p-5"
    >
      <p>{t.impersonating(tenant.data?.name ?? tenantId, time(until))}</p>
      <Button disabled={end.isPending} onClick={() => end.mutate()}>
        {t.endImpersonation}
      </Button>
      {end.error && <ProblemNotice error={end.error} />}
    </div>
  );
}

/** What concerns the whole company, above each of its pages. */
export function CompanyNotices() {
  const viewer = useViewer();
  if (!viewer) return null;
  const { me, membership, role } = viewer;
  return (
    <>
      {me.impersonation && <ImpersonationNotice {...me.impersonation} />}
      {role === 'owner' && <BillingNotice />}
      {membership?.tenant.status === 'suspended' && <SuspendedNotice />}
      {membership?.tenant.status === 'deactivating' && <LeavingNotice mayUndo={viewer.may('restoreTenant')} />}
    </>
  );
}
