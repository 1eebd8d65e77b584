import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { experimentMessages } from './messages.ts';
import { experimentQuery } from './queries.ts';

/** Ends the experiment, for good, and chooses what everybody gets afterwards; the one that is better is offered first. */
export function EndDialog({
  results,
  onClose,
}: {
  readonly results: CallOutput<'getExperiment'>['results'];
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const text = useText(experimentMessages);
  const client = useQueryClient();
  const toast = useToast();
  const best = results
    .filter(({ verdict }) => verdict === 'better')
    .sort((a, b) => (b.lift?.value ?? 0) - (a.lift?.value ?? 0))[0];
  const [winner, setWinner] = useState<string | null>(best?.name ?? null);
  const end = useMutation({
    mutationFn: () => api('endExperiment', { body: { winner } }),
    onSuccess: async () => {
      toast(winner === null ? text.endDoneNobody : text.endDone(winner));
      onClose();
      await client.invalidateQueries({ queryKey: experimentQuery.queryKey });
    },
  });
  return (
    <Dialog title={text.endTitle} onClose={onClose}>
      <div className="space-y-5">
        <p className="text-soft">{text.endText}</p>
        <fieldset className="space-y-2">
          <legend className="mb-2 text-sm font-medium">{text.endChoice}</legend>
          {[null, ...results.map(({ name }) => name)].map((name) => (
            <label key={name ?? ''} className="flex min-h-6 items-center gap-2">
              <input
                type="radio"
                name="winner"
                className="size-4 accent-accent"
                checked={winner === name}
                onChange={() => setWinner(name)}
              />
              {name ?? text.endNobody}
            </label>
          ))}
        </fieldset>
        {end.error && <ProblemNotice error={end.error} />}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="strong" disabled={end.isPending} onClick={() => end.mutate()}>
            {text.end}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
