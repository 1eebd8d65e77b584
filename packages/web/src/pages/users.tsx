import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { contract } from '@tenantry/core/contract/routes';
import { useMessages } from '../messages/context.tsx';
import { PageTitle } from '../parts/layout.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { AbilitiesPanel } from '../users/abilities-panel.tsx';
import { InvitationsPanel } from '../users/invitations-panel.tsx';
import { UsersPanel } from '../users/users-panel.tsx';

/** Who belongs to the company, who is invited, and what each role may do. What the viewer's role may not see is not asked for. */
export function UsersPage() {
  const { t } = useMessages();
  const me = useQuery(queries.me);
  if (me.isPending) return <Skeleton lines={8} />;
  if (me.error) return <ProblemNotice error={me.error} retry={() => me.refetch()} />;
  const membership = me.data.memberships.find(({ tenant }) => tenant.id === me.data.activeTenantId);
  if (me.data.impersonation || !membership) return <Navigate to="/console" replace />;
  const { role, tenant } = membership;
  const may = (id: 'listUsers' | 'listInvitations') => contract[id].access.roles.includes(role);
  return (
    <>
      <PageTitle note={t.users.note}>{t.users.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        {may('listUsers') && <UsersPanel viewer={{ id: me.data.id, role, slug: tenant.slug }} />}
        {may('listInvitations') && <InvitationsPanel by={role} />}
        <AbilitiesPanel />
      </div>
    </>
  );
}
