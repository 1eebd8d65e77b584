import { useQuery } from '@tanstack/react-query';
import { isSlug } from '@tenantry/core/contract/choices';
import { useEffect, useState } from 'react';
import { api } from '../app.ts';
import { queries } from '../queries.ts';

/** Long enough that nobody asks about each letter. */
const QUIET_MS = 350;

/** The value once it has not changed for a moment. */
export function useSettled<T>(value: T, quietMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs);
    return () => clearTimeout(timer);
  }, [value, quietMs]);
  return settled;
}

export type SlugVerdict = 'checking' | 'free' | 'taken' | 'reserved' | undefined;

/** Whether the address can be had, as far as it is known by now; undefined when it is none, or cannot be asked about. */
export function useSlugCheck(slug: string): SlugVerdict {
  const settled = useSettled(slug, QUIET_MS);
  const me = useQuery(queries.me);
  const asked = isSlug(settled);
  const check = useQuery({
    queryKey: ['slug', settled],
    queryFn: () => api('checkSlug', { params: { slug: settled } }),
    enabled: asked,
    staleTime: 10_000,
    retry: false,
  });
  if (!isSlug(slug)) return undefined;
  if (settled !== slug || check.isLoading) return 'checking';
  // A registration that was left goes on under the address that it has.
  const own = me.data?.memberships.some(({ tenant }) => tenant.slug === slug && tenant.status === 'pending');
  return own ? 'free' : check.data?.state;
}
