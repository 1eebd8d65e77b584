import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { useViewer } from './company.ts';

/** Which company the console shows, and a way to another one for its members; staff finds the way back to its own pages. */
export function CompanySwitch() {
  const { t } = useMessages();
  const text = useText(navigationMessages);
  const client = useQueryClient();
  const viewer = useViewer();
  const change = useMutation({
    mutationFn: (tenantId: string) => api('setActiveTenant', { body: { tenantId: tenantId as `ten_${string}` } }),
    onSuccess: async () => {
      await session.renew();
      client.clear();
      window.location.assign('/console');
    },
  });
  if (!viewer) return null;
  const { me, tenant } = viewer;
  return (
    <div className="space-y-2 text-sm">
      {me.memberships.length > 1 && !me.impersonation && (
        <select
          aria-label={t.company}
          className="min-h-10 w-full rounded-lg border border-line bg-panel px-3"
          value={me.activeTenantId ?? ''}
          onChange={(event) => change.mutate(event.target.value)}
        >
          {me.memberships.map(({ tenant }) => (
            <option key={tenant.id} value={tenant.id}>
              {tenant.name}
            </option>
          ))}
        </select>
      )}
      {(me.memberships.length === 1 || me.impersonation) && (
        <p className="px-3 font-medium wrap-anywhere">{tenant?.name}</p>
      )}
      <p className="flex flex-wrap gap-x-4 px-3">
        {!me.impersonation && (
          <a href="/register" className="inline-flex min-h-6 items-center text-soft underline underline-offset-4">
            {text.newCompany}
          </a>
        )}
        {me.operator && (
          <a href="/operator" className="inline-flex min-h-6 items-center text-soft underline underline-offset-4">
            {text.toStaff}
          </a>
        )}
      </p>
    </div>
  );
}
