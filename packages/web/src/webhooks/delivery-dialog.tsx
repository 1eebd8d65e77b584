import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { webhookMessages } from './messages.ts';
import { type Delivery, deliveriesQuery } from './queries.ts';

/** One message with every attempt of it, and the button that sends it again. */
export function DeliveryDialog({
  webhookId,
  delivery,
  onClose,
}: {
  readonly webhookId: string;
  readonly delivery: Delivery;
  readonly onClose: () => void;
}) {
  const { date, time, number } = useMessages();
  const text = useText(webhookMessages);
  const viewer = useViewer();
  const toast = useToast();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => api('redeliver', { params: { webhookId, messageId: delivery.messageId } }),
    onSettled: () => client.invalidateQueries({ queryKey: deliveriesQuery(webhookId).queryKey }),
    onSuccess: () => {
      toast(text.redelivered);
      onClose();
    },
  });
  return (
    <Dialog title={text.detailsTitle} onClose={onClose}>
      <div className="space-y-5">
        <p className="text-sm">
          {delivery.type} <code className="block text-soft wrap-anywhere">{delivery.messageId}</code>
        </p>
        <CodeBlock label={text.body} text={JSON.stringify(JSON.parse(delivery.payload), null, 2)} />
        <ol className="divide-y divide-line">
          {delivery.attempts.map(({ requestId, at, status, ms, answer }, index) => (
            <li key={`${requestId} ${at}`} className="space-y-1 py-3 text-sm">
              <p className="font-medium">{text.attemptAt(number(index + 1), `${date(at)} ${time(at)}`)}</p>
              <p>{text.attemptAnswer(status === null ? text.noAnswer : String(status), number(ms))}</p>
              {answer && <p className="max-h-32 overflow-y-auto font-mono text-xs wrap-anywhere">{answer}</p>}
              <p className="text-xs text-soft wrap-anywhere">{text.attemptRequest(requestId)}</p>
            </li>
          ))}
        </ol>
        {delivery.nextAttemptAt && (
          <p className="text-sm text-soft">
            {text.next(`${date(delivery.nextAttemptAt)} ${time(delivery.nextAttemptAt)}`)}
          </p>
        )}
        {again.error && <ProblemNotice error={again.error} />}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{text.close}</Button>
          {viewer?.may('redeliver') && (
            <Button look="strong" disabled={again.isPending} onClick={() => again.mutate()}>
              {text.redeliver}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
