import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api, session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { overviewQuery } from './queries.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type Company = CallOutput<'readTenantOverview'>['tenant'];

/** What staff must give a reason for. */
const explained = {
  suspend: (tenantId: Company['id'], reason: string): Promise<unknown> =>
    api('suspendTenant', { params: { tenantId }, body: { reason } }),
  reactivate: (tenantId: Company['id'], reason: string): Promise<unknown> =>
    api('reactivateTenant', { params: { tenantId }, query: { reason } }),
  resume: (tenantId: Company['id'], reason: string): Promise<unknown> =>
    api('resumeTierChange', { params: { tenantId }, body: { reason } }),
  delete: (tenantId: Company['id'], reason: string): Promise<unknown> =>
    api('deleteTenant', { params: { tenantId }, body: { reason } }),
  impersonate: async (tenantId: Company['id'], reason: string): Promise<unknown> => {
    await api('startImpersonation', { body: { tenantId, reason } });
    await session.renew();
    window.location.assign('/dashboard');
    return undefined;
  },
} as const;
type Explained = keyof typeof explained;

/** Which actions make sense at present. The API decides; this only spares staff a refusal. */
function offered({ status, suspension, tierChange, tierChangeProblem }: Company) {
  return {
    suspend: status === 'active',
    reactivate: suspension !== null,
    resume: tierChange !== null && tierChangeProblem !== null,
    impersonate: status !== 'deleted',
    delete: ['active', 'suspended', 'failed', 'deactivating'].includes(status),
  };
}

/** What staff can do with a company, each with a reason where it changes something for the company. */
export function ActionsPanel({ company }: { readonly company: Company }) {
  const { t } = useMessages();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Explained>();
  const onSettled = () => client.invalidateQueries({ queryKey: overviewQuery(company.id).queryKey });
  const act = useMutation({
    mutationFn: ({ what, reason }: { what: Explained; reason: string }) => explained[what](company.id, reason),
    onSuccess: () => setAsking(undefined),
    onSettled,
  });
  const may = offered(company);
  const ask = (what: Explained) => {
    act.reset();
    setAsking(what);
  };
  return (
    <Panel title={t.operator.actions}>
      <div className="flex flex-wrap gap-3">
        {may.impersonate && <Button onClick={() => ask('impersonate')}>{t.operator.impersonate}</Button>}
        {may.reactivate && (
          <Button look="strong" onClick={() => ask('reactivate')}>
            {t.operator.reactivate}
          </Button>
        )}
        {may.resume && (
          <Button look="strong" onClick={() => ask('resume')}>
            {t.operator.resume}
          </Button>
        )}
        {may.suspend && (
          <Button look="danger" onClick={() => ask('suspend')}>
            {t.operator.suspend}
          </Button>
        )}
        {may.delete && (
          <Button look="danger" onClick={() => ask('delete')}>
            {t.operator.delete}
          </Button>
        )}
      </div>
      {asking && (
        <ReasonDialog
          title={t.operator[asking]}
          slug={asking === 'delete' ? company.slug : undefined}
          error={act.error}
          busy={act.isPending}
          onReason={(reason) => act.mutate({ what: asking, reason })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Panel>
  );
}
