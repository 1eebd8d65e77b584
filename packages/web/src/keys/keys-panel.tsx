import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useNow } from '../dashboard/now.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useToast } from '../parts/toasts.tsx';
import { queries } from '../queries.ts';
import { usersQuery } from '../users/queries.ts';
import { keysMessages } from './messages.ts';

type ApiKey = CallOutput<'listApiKeys'>['apiKeys'][number];

const MINUTE_MS = 60_000;
const LATELY_MS = 86_400_000;

/** A revoked key cannot be brought back, so this asks first, and says whether anybody would miss it. */
function RevokeDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useMessages();
  const text = useText(keysMessages);
  const { ago } = useFormat();
  const client = useQueryClient();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: () => api('revokeApiKey', { params: { keyId: apiKey.id } }),
    onSuccess: async () => {
      toast(text.revoked(apiKey.name));
      onClose();
      await client.invalidateQueries({ queryKey: queries.keys.queryKey });
    },
  });
  const used = apiKey.lastUsedAt;
  return (
    <Dialog title={text.revokeTitle(apiKey.name)} onClose={onClose}>
      <div className="space-y-4">
        <p className="text-soft">{text.revokeText}</p>
        {used && Date.now() - Date.parse(used) < LATELY_MS && (
          <p className="text-wait">{text.usedLately(ago(used, Date.now()))}</p>
        )}
        {revoke.error && <ProblemNotice error={revoke.error} />}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t.revoke}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The company's API keys: which there are, who made them, and which are in use. */
export function KeysPanel({ onCreate }: { readonly onCreate: () => void }) {
  const { t, date } = useMessages();
  const text = useText(keysMessages);
  const { ago } = useFormat();
  const now = useNow(MINUTE_MS);
  const viewer = useViewer();
  const keys = useQuery(queries.keys);
  const users = useQuery({ ...usersQuery, enabled: viewer?.may('listUsers') ?? false });
  const [revoking, setRevoking] = useState<ApiKey>();
  const mayCreate = viewer?.may('createApiKey') ?? false;
  const nameOf = (userId: string): string =>
    users.data?.users.find(({ id }) => id === userId)?.email ?? (users.data ? text.someone : userId);
  const expired = ({ validUntil }: ApiKey): boolean => validUntil !== null && Date.parse(validUntil) <= now;
  const columns: readonly Column<ApiKey>[] = [
    {
      title: text.name,
      cell: (key) => (
        <span className="block min-w-32">
          <span className="font-medium wrap-anywhere">{key.name}</span>
          <code className="block text-soft">{key.hint}</code>
        </span>
      ),
    },
    { title: text.kind, cell: ({ kind }) => <Badge>{text.kinds[kind]}</Badge> },
    {
      title: text.lastUsed,
      cell: ({ lastUsedAt }) =>
        lastUsedAt ? (
          <span className="whitespace-nowrap">{ago(lastUsedAt, now)}</span>
        ) : (
          <span className="text-soft">{text.never}</span>
        ),
    },
    {
      title: text.ends,
      cell: (key) =>
        expired(key) ? (
          <Badge tone="bad">{text.expired}</Badge>
        ) : key.validUntil ? (
          <span className="whitespace-nowrap">{date(key.validUntil)}</span>
        ) : (
          <span className="text-soft">{text.noEnd}</span>
        ),
    },
    {
      title: text.created,
      cell: ({ createdAt, createdBy }) => (
        <span className="block min-w-36">
          <span className="whitespace-nowrap">{date(createdAt)}</span>
          <span className="block text-soft wrap-anywhere">{text.createdBy(nameOf(createdBy))}</span>
        </span>
      ),
    },
    ...(viewer?.may('revokeApiKey')
      ? [
          {
            title: text.actions,
            quiet: true,
            cell: (key: ApiKey) => (
              <Button aria-label={`${t.revoke}: ${key.name}`} onClick={() => setRevoking(key)}>
                {t.revoke}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Panel title={t.keysTitle}>
      {keys.isPending && <Skeleton lines={5} />}
      {keys.error && <ProblemNotice error={keys.error} retry={() => keys.refetch()} />}
      {keys.data?.apiKeys.length === 0 && (
        <EmptyState
          title={text.emptyTitle}
          action={
            mayCreate && (
              <Button look="strong" onClick={onCreate}>
                {t.createKey}
              </Button>
            )
          }
        >
          {t.keysEmpty}
        </EmptyState>
      )}
      {keys.data && keys.data.apiKeys.length > 0 && (
        <DataTable label={t.keysTitle} columns={columns} rows={keys.data.apiKeys} rowKey={({ id }) => id} />
      )}
      {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </Panel>
  );
}
