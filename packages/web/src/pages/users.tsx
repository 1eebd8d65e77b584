import { Navigate } from '@tanstack/react-router';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { AbilitiesPanel } from '../users/abilities-panel.tsx';
import { InvitationsPanel } from '../users/invitations-panel.tsx';
import { usersMessages } from '../users/messages.ts';
import { UsersPanel } from '../users/users-panel.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Who belongs to the company, who is invited, and what each role may do. What the viewer's role may not see is not asked for. */
export function UsersPage() {
  const text = useText(usersMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  const { me, membership, may } = viewer;
  if (me.impersonation) return <NotForYou title={text.title} />;
  if (!membership) return <Navigate to="/console" replace />;
  const { role, tenant } = membership;
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        {may('listUsers') && <UsersPanel viewer={{ id: me.id, role, slug: tenant.slug }} />}
        {may('listInvitations') && <InvitationsPanel by={role} />}
        <AbilitiesPanel />
      </div>
    </>
  );
}
