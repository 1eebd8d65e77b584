import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useLeaving } from '../parts/leaving.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SureButton } from '../parts/sure-button.tsx';
import { useToast } from '../parts/toasts.tsx';
import { Deliveries } from './deliveries.tsx';
import { webhookMessages } from './messages.ts';
import { deliveriesQuery, type Webhook, webhooksQuery } from './queries.ts';
import { SecretDialog } from './secret-dialog.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** How an endpoint is, in words. */
function State({ webhook }: { readonly webhook: Webhook }) {
  const { date, time } = useMessages();
  const text = useText(webhookMessages);
  const moment = (at: string) => `${date(at)} ${time(at)}`;
  return (
    <div className="flex flex-wrap gap-2">
      <Badge tone={webhook.enabled ? 'good' : 'neutral'}>{webhook.enabled ? text.on : text.off}</Badge>
      {webhook.off && <Badge tone="bad">{webhook.off.reason === 'gone' ? text.offGone : text.offFailing}</Badge>}
      {webhook.enabled && webhook.failingSince && (
        <Badge tone="wait">{text.failing(moment(webhook.failingSince))}</Badge>
      )}
      {webhook.previousSecretUntil && <Badge>{text.secretBoth(moment(webhook.previousSecretUntil))}</Badge>}
    </div>
  );
}

/** One endpoint: how it is, what it is told, and what can be done with it. */
export function WebhookCard({ webhook }: { readonly webhook: Webhook }) {
  const text = useText(webhookMessages);
  const viewer = useViewer();
  const toast = useToast();
  const leaving = useLeaving();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [log, setLog] = useState(false);
  const params = { webhookId: webhook.id };
  const onSettled = () => client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  const turn = useMutation({
    mutationFn: (enabled: boolean) => api('updateWebhook', { params, body: { enabled } }),
    // Shown at once; what comes of it is read again either way.
    onMutate: async (enabled) => {
      await client.cancelQueries({ queryKey: webhooksQuery.queryKey });
      client.setQueryData(
        webhooksQuery.queryKey,
        (before) =>
          before && {
            ...before,
            webhooks: before.webhooks.map((one) => (one.id === webhook.id ? { ...one, enabled } : one)),
          },
      );
    },
    onSettled,
    onSuccess: (_, enabled) => {
      if (!enabled) toast(text.switchedOff, () => turn.mutate(true));
    },
  });
  const test = useMutation({
    mutationFn: () => api('testWebhook', { params }),
    onSuccess: async () => {
      setLog(true);
      toast(text.tested);
      await client.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey });
    },
  });
  const rotate = useMutation({ mutationFn: () => api('rotateWebhookSecret', { params }), onSettled });
  const { host } = new URL(webhook.url);
  const remove = () =>
    leaving.leave({
      id: webhook.id,
      text: text.removed(webhook.description || host),
      call: async () => {
        await api('deleteWebhook', { params });
        await onSettled();
      },
    });
  const error = turn.error ?? test.error ?? rotate.error;
  const mayChange = viewer?.may('updateWebhook');
  return (
    <Panel title={webhook.description || host} aside={<State webhook={webhook} />}>
      <p className="font-mono text-sm wrap-anywhere">{webhook.url}</p>
      <p className="mt-2 text-sm text-soft">{webhook.events.map((type) => text.eventTitles[type]).join(' · ')}</p>
      <div className="mt-4 flex flex-wrap gap-3">
        {mayChange && webhook.enabled && (
          <Button look="strong" disabled={test.isPending} onClick={() => test.mutate()}>
            {text.test}
          </Button>
        )}
        <Button aria-expanded={log} onClick={() => setLog(!log)}>
          {log ? text.hideLog : text.showLog}
        </Button>
        {mayChange && (
          <>
            <Button onClick={() => setEditing(true)}>{text.edit}</Button>
            <Button disabled={turn.isPending} onClick={() => turn.mutate(!webhook.enabled)}>
              {webhook.enabled ? text.switchOff : text.switchOn}
            </Button>
            <SureButton
              label={text.rotate}
              sure={text.rotateSure}
              disabled={rotate.isPending}
              onSure={() => rotate.mutate()}
            />
          </>
        )}
        {viewer?.may('deleteWebhook') && <Button onClick={remove}>{text.remove}</Button>}
      </div>
      {error && (
        <div className="mt-4">
          <ProblemNotice error={error} />
        </div>
      )}
      {log && (
        <div className="mt-5">
          <Deliveries webhookId={webhook.id} host={host} />
        </div>
      )}
      {editing && (
        <Dialog title={text.editTitle} onClose={() => setEditing(false)}>
          <WebhookForm
            initial={webhook}
            label={text.save}
            save={({ url, description, events }) =>
              api('updateWebhook', { params, body: { url, description, events } })
            }
            onSaved={() => setEditing(false)}
            onClose={() => setEditing(false)}
          />
        </Dialog>
      )}
      {rotate.data && <SecretDialog secret={rotate.data.secret} replaces onClose={() => rotate.reset()} />}
    </Panel>
  );
}
