import { infiniteQueryOptions } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';

export type Entry = CallOutput<'listAudit'>['entries'][number];

export const spans = { all: undefined, day: 1, week: 7, month: 30 } as const;
export type Span = keyof typeof spans;

export interface Filters {
  readonly span: Span;
  /** As entries name it; empty for anybody. */
  readonly actor: string;
  /** Empty for anything. */
  readonly action: string;
}
export const noFilters: Filters = { span: 'all', actor: '', action: '' };

const DAY_MS = 86_400_000;
const PAGE_ROWS = 50;
/** As many rows go into a file at most. */
export const exportRowsMax = 20_000;

const queryOf = ({ span, actor, action }: Filters, now: number) => {
  const days = spans[span];
  return {
    ...(days ? { from: new Date(now - days * DAY_MS).toISOString() } : {}),
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
  };
};

export const auditQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam }) =>
      api('listAudit', {
        query: { limit: PAGE_ROWS, ...queryOf(filters, Date.now()), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
  });

/** All entries that suit, page by page, up to what a file takes. */
export async function* allEntries(filters: Filters): AsyncGenerator<readonly Entry[]> {
  const query = queryOf(filters, Date.now());
  let cursor: string | null = null;
  let rows = 0;
  do {
    const page: CallOutput<'listAudit'> = await api('listAudit', {
      query: { limit: 100, ...query, ...(cursor ? { cursor } : {}) },
    });
    rows += page.entries.length;
    cursor = page.cursor;
    yield page.entries;
  } while (cursor && rows < exportRowsMax);
}

/** Goes along the whole chain. @param onProgress how many entries were looked at */
export async function verifyChain(onProgress: (entries: number) => void): Promise<CallOutput<'verifyAudit'>> {
  let found = await api('verifyAudit', { query: {} });
  while (found.cursor) {
    onProgress(found.unbroken.number);
    found = await api('verifyAudit', { query: { cursor: found.cursor } });
  }
  return found;
}
