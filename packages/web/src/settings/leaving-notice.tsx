import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { queries } from '../queries.ts';
import { settingsMessages } from './messages.ts';

/** Above each page while the company leaves: until when that can be undone, and the undo. */
export function LeavingNotice({ mayUndo }: { readonly mayUndo: boolean }) {
  const { date, time } = useMessages();
  const text = useText(settingsMessages);
  const toast = useToast();
  const client = useQueryClient();
  const tenant = useQuery(queries.tenant);
  const restore = useMutation({
    mutationFn: () => api('restoreTenant', {}),
    onSuccess: async () => {
      await Promise.all([queries.tenant, queries.me].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
      toast(text.restored);
    },
  });
  if (!tenant.data?.deactivation) return null;
  const { until, final } = tenant.data.deactivation;
  return (
    <div role="alert" className="mb-5 space-y-3 rounded-xl border border-bad bg-panel p-5">
      <p className="font-medium">{text.leavingTitle(tenant.data.name)}</p>
      <p className="text-soft">{final ? text.leavingFinal : text.leavingText(`${date(until)} ${time(until)}`)}</p>
      {!final &&
        (mayUndo ? (
          <Button look="strong" disabled={restore.isPending} onClick={() => restore.mutate()}>
            {text.undo}
          </Button>
        ) : (
          <p className="text-soft">{text.askOwner}</p>
        ))}
      {restore.error && <ProblemNotice error={restore.error} />}
    </div>
  );
}
