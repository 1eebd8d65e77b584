import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useToast } from '../parts/toasts.tsx';
import type { RuleInput } from './draft.ts';

export const rulesQuery = queryOptions({ queryKey: ['rules'], queryFn: () => api('getRules', {}) });
type RuleSet = CallOutput<'getRules'>;

/** Saves all rules in the place of those that were read, says what was done, and offers to take it back. */
export function useSaveRules() {
  const client = useQueryClient();
  const toast = useToast();
  const save = useMutation({
    mutationFn: ({
      before,
      rules,
    }: {
      readonly before: RuleSet;
      readonly rules: readonly RuleInput[];
      readonly done?: string;
    }) => api('putRules', { body: { version: before.version, rules: [...rules] } }),
    onSuccess: (after, { before, done }) => {
      client.setQueryData(rulesQuery.queryKey, after);
      if (done) toast(done, () => save.mutate({ before: after, rules: before.rules }));
    },
    // Somebody else may have been faster.
    onError: () => client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  return save;
}
