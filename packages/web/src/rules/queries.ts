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
      /** Whether to show it as saved before it is; not while a form is open on it. */
      readonly atOnce?: boolean;
    }) => api('putRules', { body: { version: before.version, rules: [...rules] } }),
    onMutate: async ({ before, rules, atOnce }) => {
      if (!atOnce) return;
      await client.cancelQueries({ queryKey: rulesQuery.queryKey });
      client.setQueryData(rulesQuery.queryKey, { ...before, rules: rules as RuleSet['rules'] });
    },
    onSuccess: (after, { before, done }) => {
      client.setQueryData(rulesQuery.queryKey, after);
      if (done) toast(done, () => save.mutate({ before: after, rules: before.rules, atOnce: true }));
    },
    onError: (_, { before }) => {
      client.setQueryData(rulesQuery.queryKey, before);
      // Somebody else may have been faster.
      return client.invalidateQueries({ queryKey: rulesQuery.queryKey });
    },
  });
  return save;
}
