import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

/** Leads to where somebody who signed in goes on: the registration, the onboarding or the dashboard. Staff goes to the tenant that it looks at. */
export function ConsolePage() {
  const me = useQuery(queries.me);
  if (me.isPending) return <Skeleton />;
  if (me.error) return <ProblemNotice error={me.error} retry={() => me.refetch()} />;
  if (me.data.impersonation) return <Navigate to="/dashboard" replace />;
  if (me.data.operator && me.data.memberships.length === 0) return <Navigate to="/operator" replace />;
  const active = me.data.memberships.find(({ tenant }) => tenant.id === me.data.activeTenantId);
  if (!active) return <Navigate to="/register" search={{}} replace />;
  const waiting = ['pending', 'provisioning', 'failed'].includes(active.tenant.status);
  return <Navigate to={waiting ? '/onboarding' : '/dashboard'} replace />;
}
