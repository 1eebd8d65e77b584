import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useLeaving } from '../parts/leaving.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { webhookMessages } from '../webhooks/messages.ts';
import { webhooksQuery } from '../webhooks/queries.ts';
import { SecretDialog } from '../webhooks/secret-dialog.tsx';
import { WebhookCard } from '../webhooks/webhook-card.tsx';
import { WebhookForm } from '../webhooks/webhook-form.tsx';
import { NotForYou } from './not-for-you.tsx';

/** The company's own servers that are told of events, and what became of each message. */
export function WebhooksPage() {
  const text = useText(webhookMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={6} />;
  if (!viewer.may('listWebhooks')) return <NotForYou title={text.title} />;
  return <Webhooks mayCreate={viewer.may('createWebhook')} />;
}

function Webhooks({ mayCreate }: { readonly mayCreate: boolean }) {
  const { number } = useMessages();
  const text = useText(webhookMessages);
  const query = useQuery(webhooksQuery);
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const leaving = useLeaving();
  const webhooks = query.data?.webhooks.filter(({ id }) => !leaving.ids.has(id)) ?? [];
  const create = mayCreate && (
    <Button look="strong" onClick={() => setCreating(true)}>
      {text.create}
    </Button>
  );
  return (
    <>
      <PageTitle note={text.note} actions={webhooks.length > 0 && create}>
        {text.title}
      </PageTitle>
      {query.isPending && <Skeleton lines={6} />}
      {query.error && <ProblemNotice error={query.error} retry={() => query.refetch()} />}
      {query.data && webhooks.length === 0 && (
        <EmptyState title={text.emptyTitle} action={create}>
          {mayCreate ? text.emptyText : text.notActive}
        </EmptyState>
      )}
      <div className="grid grid-cols-1 gap-5">
        {webhooks.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} />
        ))}
      </div>
      {query.data && webhooks.length > 0 && (
        <p className="mt-4 text-sm text-soft">{text.used(number(webhooks.length), number(query.data.allowed))}</p>
      )}
      {creating && (
        <Dialog title={text.create} onClose={() => setCreating(false)}>
          <WebhookForm
            initial={{ url: '', description: '', events: [] }}
            label={text.create}
            save={(body) => api('createWebhook', { body })}
            onSaved={(saved) => {
              setCreating(false);
              setSecret(saved.secret);
            }}
            onClose={() => setCreating(false)}
          />
        </Dialog>
      )}
      {secret && <SecretDialog secret={secret} replaces={false} onClose={() => setSecret(undefined)} />}
    </>
  );
}
