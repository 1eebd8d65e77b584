import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { useToast } from '../parts/toasts.tsx';
import { catalogueMessages } from './messages.ts';
import { type Draft, type ReadFile, readItems, textOf, type Unreadable } from './read-file.ts';
import { batchesOf, type Refusal, uploadBatch } from './upload.ts';

const FILE_BYTES_MAX = 20 * 1024 * 1024;
const ITEMS_MAX = 100_000;
const FAULTS_SHOWN = 50;
const PREVIEWED = 5;

/** What is wrong, line by line; the first of it. */
function Faults({ title, faults }: { readonly title: string; readonly faults: readonly Refusal[] }) {
  const { number } = useMessages();
  const text = useText(catalogueMessages);
  return (
    <div role="alert" className="space-y-2">
      <p className="text-bad">{title}</p>
      <ScrollArea label={title} className="max-h-40 overflow-y-auto">
        <ul className="space-y-1 text-sm">
          {faults.slice(0, FAULTS_SHOWN).map(({ line, field, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line may have several, and the list never changes
            <li key={index}>
              {text.line(number(line))}, <code>{field}</code>: {message}
            </li>
          ))}
        </ul>
      </ScrollArea>
    </div>
  );
}

/** Takes a file, shows what is in it and what is wrong with it, and uploads the rest in batches. */
export function UploadDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, number, language } = useMessages();
  const text = useText(catalogueMessages);
  const client = useQueryClient();
  const toast = useToast();
  const [read, setRead] = useState<ReadFile>();
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState(0);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const choose = async (file: File | undefined) => {
    setRead(undefined);
    setProblem(undefined);
    setDone(0);
    setRefused([]);
    if (!file) return;
    if (file.size > FILE_BYTES_MAX) return setProblem(text.tooLarge('20 MB'));
    try {
      const found = readItems(textOf(await file.arrayBuffer(), language));
      if (found.rows.length > ITEMS_MAX) return setProblem(text.tooMany(number(ITEMS_MAX)));
      setRead(found);
    } catch (error) {
      const why = error instanceof Error ? (error.message as Unreadable) : 'notJson';
      setProblem(text.unreadable(text[why]));
    }
  };
  const rows = read?.rows ?? [];
  const upload = useMutation({
    mutationFn: async () => {
      const left = rows.slice(done);
      const problems: Refusal[] = [...refused];
      let count = done;
      for (const batch of batchesOf(left)) {
        problems.push(...(await uploadBatch(batch)));
        count += batch.length;
        setDone(count);
        setRefused([...problems]);
      }
      return problems;
    },
    onSuccess: (problems) => {
      const lines = new Set(problems.map(({ line }) => line)).size;
      toast(text.done(number(rows.length - lines)));
      if (problems.length === 0) onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['items'] }),
  });
  const faults = (read?.faults ?? []).map(({ line, field, fault }) => ({ line, field, message: text.mustBe[fault] }));
  const finished = rows.length > 0 && done === rows.length;
  return (
    <Dialog title={text.uploadTitle} onClose={onClose}>
      <div className="space-y-5">
        <p className="text-soft">{text.uploadText}</p>
        <Field label={text.choose} hint={text.columns} error={problem}>
          {(ids) => (
            <input
              {...ids}
              type="file"
              accept=".csv,.tsv,.txt,.json,text/csv,application/json"
              className={inputClass}
              disabled={upload.isPending}
              onChange={({ target }) => choose(target.files?.[0])}
            />
          )}
        </Field>
        {faults.length > 0 && (
          <Faults title={text.bad(number(new Set(faults.map(({ line }) => line)).size))} faults={faults} />
        )}
        {rows.length > 0 && !finished && (
          <div aria-live="polite" className="space-y-2">
            <p className="text-good">{text.found(number(rows.length))}</p>
            <DataTable
              label={text.preview}
              rows={rows.slice(0, PREVIEWED)}
              rowKey={({ line }) => String(line)}
              columns={[
                { title: text.id, cell: ({ item }) => <code>{(item as Draft).id}</code> },
                { title: text.name, cell: ({ item }) => (item as Draft).title ?? '–' },
                { title: text.category, cell: ({ item }) => (item as Draft).category?.join(' › ') ?? '–' },
              ]}
            />
          </div>
        )}
        {(upload.isPending || done > 0) && (
          <div className="space-y-1 text-sm">
            <progress
              className="h-2 w-full"
              max={rows.length}
              value={done}
              aria-label={text.progress(number(done), number(rows.length))}
            />
            <p className="text-soft tabular-nums">{text.progress(number(done), number(rows.length))}</p>
          </div>
        )}
        {refused.length > 0 && (
          <Faults title={text.refusedByApi(number(new Set(refused.map(({ line }) => line)).size))} faults={refused} />
        )}
        {upload.error && (
          <>
            <p className="text-sm text-wait">{text.stopped}</p>
            <ProblemNotice error={upload.error} />
          </>
        )}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{finished ? t.close : t.cancel}</Button>
          {!finished && (
            <Button look="strong" disabled={rows.length === 0 || upload.isPending} onClick={() => upload.mutate()}>
              {rows.length === 0 ? text.upload : text.begin(number(rows.length - done))}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
