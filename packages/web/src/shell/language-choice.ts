import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, session } from '../app.ts';
import { type Language, useMessages } from '../messages/context.tsx';
import { queries } from '../queries.ts';

/** Chooses the language of the site, and of mails to whoever is signed in. */
export function useLanguageChoice(): (language: Language) => void {
  const { setLanguage } = useMessages();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (language: Language) => api('updateMe', { body: { language } }),
    onMutate: async (language) => {
      // An answer that was asked for before the choice would take it back.
      await client.cancelQueries(queries.me);
      client.setQueryData(queries.me.queryKey, (me) => me && { ...me, language });
    },
    onSettled: () => client.invalidateQueries(queries.me),
  });
  return (language) => {
    setLanguage(language);
    if (session.signedIn()) save.mutate(language);
  };
}

/** Speaks the language that a signed-in person chose, on whatever machine that was. */
export function useSavedLanguage(): void {
  const { setLanguage } = useMessages();
  const saved = useQuery({ ...queries.me, enabled: session.signedIn() }).data?.language;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice of this page is no reason to go back to the one that was saved.
  useEffect(() => {
    if (saved) setLanguage(saved);
  }, [saved]);
}
