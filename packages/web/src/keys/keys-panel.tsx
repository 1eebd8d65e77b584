import { useQuery, useQueryClient } from '@tanstack/react-query';
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
import { EmptyState } from '../parts/empty-state.tsx';
import { useLeaving } from '../parts/leaving.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { usersQuery } from '../users/queries.ts';
import { keysMessages } from './messages.ts';

type ApiKey = CallOutput<'listApiKeys'>['apiKeys'][number];

const MINUTE_MS = 60_000;
const LATELY_MS = 86_400_000;

/** The company's API keys: which there are, who made them, and which are in use. */
export function KeysPanel({ onCreate }: { readonly onCreate: () => void }) {
  const { date } = useMessages();
  const text = useText(keysMessages);
  const { ago } = useFormat();
  const now = useNow(MINUTE_MS);
  const viewer = useViewer();
  const keys = useQuery(queries.keys);
  const users = useQuery({ ...usersQuery, enabled: viewer?.may('listUsers') ?? false });
  const client = useQueryClient();
  const leaving = useLeaving();
  const mayCreate = viewer?.may('createApiKey') ?? false;
  const nameOf = (userId: string): string =>
    users.data?.users.find(({ id }) => id === userId)?.email ?? (users.data ? text.someone : userId);
  const expired = ({ validUntil }: ApiKey): boolean => validUntil !== null && Date.parse(validUntil) <= now;
  /** Whoever still uses it is refused from then on, so it says when that was. */
  const revoke = ({ id, name, lastUsedAt }: ApiKey) =>
    leaving.leave({
      id,
      text:
        lastUsedAt && now - Date.parse(lastUsedAt) < LATELY_MS
          ? text.revokedInUse(name, ago(lastUsedAt, Date.now()))
          : text.revoked(name),
      call: async () => {
        await api('revokeApiKey', { params: { keyId: id } });
        await client.invalidateQueries({ queryKey: queries.keys.queryKey });
      },
    });
  const shown = keys.data?.apiKeys.filter(({ id }) => !leaving.ids.has(id));
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
              <Button aria-label={`${text.revoke}: ${key.name}`} onClick={() => revoke(key)}>
                {text.revoke}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Panel title={text.title}>
      {keys.isPending && <Skeleton lines={5} />}
      {keys.error && <ProblemNotice error={keys.error} retry={() => keys.refetch()} />}
      {shown?.length === 0 && (
        <EmptyState
          title={text.emptyTitle}
          action={
            mayCreate && (
              <Button look="strong" onClick={onCreate}>
                {text.createKey}
              </Button>
            )
          }
        >
          {text.empty}
        </EmptyState>
      )}
      {shown && shown.length > 0 && (
        <DataTable label={text.title} columns={columns} rows={shown} rowKey={({ id }) => id} />
      )}
    </Panel>
  );
}
