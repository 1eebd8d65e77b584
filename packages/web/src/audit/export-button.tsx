import { useMutation } from '@tanstack/react-query';
import { toCsv } from '@tenantry/core/contract/csv';
import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { auditMessages } from './messages.ts';
import { allEntries, type Entry, exportRowsMax, type Filters } from './queries.ts';

const columns = ['entry_id', 'number', 'at', 'actor', 'action', 'details'];

function save(entries: readonly Entry[]): void {
  const rows = entries.map(({ id, sealed, at, actor, action, details }) => [
    id,
    sealed,
    at,
    actor,
    action,
    JSON.stringify(details),
  ]);
  const url = URL.createObjectURL(new Blob([toCsv(columns, rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `audit-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Makes a file of what the filters let through. */
export function ExportButton({ filters }: { readonly filters: Filters }) {
  const { number } = useMessages();
  const text = useText(auditMessages);
  const toast = useToast();
  const [rows, setRows] = useState(0);
  const exporting = useMutation({
    mutationFn: async () => {
      const entries: Entry[] = [];
      for await (const page of allEntries(filters)) {
        entries.push(...page);
        setRows(entries.length);
      }
      save(entries);
      return entries.length;
    },
    onSuccess: (count) => toast(count < exportRowsMax ? text.exported : text.exportCut(number(count))),
  });
  return (
    <>
      <Button disabled={exporting.isPending} onClick={() => exporting.mutate()}>
        {exporting.isPending ? text.exporting(number(rows)) : text.exportCsv}
      </Button>
      {exporting.error && <ProblemNotice error={exporting.error} />}
    </>
  );
}
