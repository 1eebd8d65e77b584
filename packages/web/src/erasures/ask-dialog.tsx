import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../app.ts';
import { textOf } from '../catalogue/read-file.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { erasuresMessages } from './messages.ts';
import { erasuresQuery } from './queries.ts';
import { readShopperIds, shoppersMax } from './shopper-ids.ts';

const FILE_BYTES_MAX = 1024 * 1024;
const NAMED = 5;
const LINES_NAMED = 5;

/** What cannot be undone is said before it is done, with whom it is about. */
function Sure({
  ids,
  asked,
  busy,
  error,
  onBack,
  onSure,
}: {
  readonly ids: readonly string[];
  readonly asked: number;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onBack: () => void;
  readonly onSure: () => void;
}) {
  const { number } = useMessages();
  const text = useText(erasuresMessages);
  return (
    <div className="space-y-4">
      <p className="wrap-anywhere">
        <code>{ids.slice(0, NAMED).join(', ')}</code>
        {ids.length > NAMED && ` ${text.andMore(number(ids.length - NAMED))}`}
      </p>
      <ul className="list-disc space-y-1 pl-5 text-soft">
        {text.whatHappens.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
      <p className="font-medium text-bad">{text.noUndo}</p>
      {busy && (
        <progress
          className="h-2 w-full"
          max={ids.length}
          value={asked}
          aria-label={text.asking(number(asked), number(ids.length))}
        />
      )}
      {error !== null && <ProblemNotice error={error} />}
      <div className="flex flex-wrap justify-end gap-3">
        <Button disabled={busy} onClick={onBack}>
          {text.back}
        </Button>
        <Button look="danger" disabled={busy} onClick={onSure}>
          {text.erase(number(ids.length))}
        </Button>
      </div>
    </div>
  );
}

/** Asks for erasures: of whom, then whether it is meant. What was asked for already is not asked for again after a failure. */
export function AskDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, number, language } = useMessages();
  const text = useText(erasuresMessages);
  const client = useQueryClient();
  const toast = useToast();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const [ids, setIds] = useState<readonly string[]>();
  const [asked, setAsked] = useState(0);
  const ask = useMutation({
    mutationFn: async (wanted: readonly string[]) => {
      for (const [place, shopperId] of wanted.entries()) {
        setAsked(place);
        try {
          await api('requestErasure', { body: { shopperId } });
        } catch (error) {
          setIds(wanted.slice(place));
          setTyped(wanted.slice(place).join('\n'));
          throw error;
        }
      }
      return wanted.length;
    },
    onSuccess: (count) => {
      toast(text.asked(number(count)));
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: erasuresQuery.queryKey }),
  });
  const check = () => {
    const read = readShopperIds(typed);
    const lines = read.wrong.slice(0, LINES_NAMED).map((line) => number(line));
    if (read.wrong.length > 0) return setProblem(text.wrong(lines.join(', ')));
    if (read.ids.length === 0) return setProblem(text.none);
    if (read.ids.length > shoppersMax) return setProblem(text.tooMany(number(shoppersMax)));
    setProblem(undefined);
    setIds(read.ids);
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > FILE_BYTES_MAX) return setProblem(text.tooMany(number(shoppersMax)));
    setProblem(undefined);
    setTyped(textOf(await file.arrayBuffer(), language));
  };
  return (
    <Dialog title={ids ? text.sureTitle(number(ids.length)) : text.ask} onClose={onClose}>
      {ids ? (
        <Sure
          ids={ids}
          asked={asked}
          busy={ask.isPending}
          error={ask.error}
          onBack={() => {
            ask.reset();
            setIds(undefined);
          }}
          onSure={() => ask.mutate(ids)}
        />
      ) : (
        <form
          className="space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            check();
          }}
        >
          <Field label={text.ids} hint={text.idsHint(number(shoppersMax))} error={problem}>
            {(field) => (
              <textarea
                {...field}
                rows={6}
                spellCheck={false}
                className={`${inputClass} font-mono text-sm`}
                value={typed}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
          <Field label={text.file}>
            {(field) => (
              <input
                {...field}
                type="file"
                accept=".csv,.tsv,.txt,text/csv,text/plain"
                className={inputClass}
                onChange={({ target }) => choose(target.files?.[0])}
              />
            )}
          </Field>
          <div className="flex justify-end gap-3">
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button look="strong" type="submit">
              {text.goOn}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
