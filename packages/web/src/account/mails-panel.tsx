import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallInput, CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { queries } from '../queries.ts';
import { accountMessages } from './messages.ts';

type Mails = CallOutput<'getMe'>['mails'];
const categories = ['weeklyReport', 'announcements'] as const satisfies readonly (keyof Mails)[];

/** Which mails a person gets, of those that one may do without. */
export function MailsPanel({ mails }: { readonly mails: Mails }) {
  const text = useText(accountMessages);
  const toast = useToast();
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (body: CallInput<'chooseMails'>['body']) => api('chooseMails', { body }),
    onSuccess: (chosen) => {
      client.setQueryData(queries.me.queryKey, (me) => me && { ...me, mails: chosen });
      toast(text.saved);
    },
    onSettled: () => client.invalidateQueries(queries.me),
  });
  return (
    <Panel title={text.mails}>
      <p className="mb-4 max-w-prose text-soft">{text.mailsText}</p>
      <fieldset className="max-w-prose space-y-3">
        <legend className="sr-only">{text.mails}</legend>
        {categories.map((category) => (
          <label key={category} className="flex min-h-11 items-start gap-3">
            <input
              type="checkbox"
              className="mt-1 size-5 shrink-0 accent-accent"
              disabled={choose.isPending}
              checked={mails[category]}
              onChange={(event) => choose.mutate({ [category]: event.target.checked })}
            />
            <span>
              <span className="block font-medium">{text.categories[category]}</span>
              <span className="block text-sm text-soft">{text.descriptions[category]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {choose.error && <ProblemNotice error={choose.error} />}
    </Panel>
  );
}
