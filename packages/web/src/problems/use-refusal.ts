import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/error.ts';
import { type Language, useMessages } from '../messages/context.tsx';
import type { ProblemWords } from './catalogue.ts';
import { sayField, sayProblem } from './say.ts';

const loaders: Readonly<Record<Language, () => Promise<ProblemWords>>> = {
  en: async () => (await import('./words-en.ts')).problemWordsEn,
  ko: async () => (await import('./words-ko.ts')).problemWordsKo,
};

/** Says it in the API's own words. */
const noWords: ProblemWords = { codes: {}, sentences: {}, fields: {}, values: {} };

/** The words of a language for what the API refuses. Who cannot load them still has those of the API. */
export const loadProblemWords = (language: Language): Promise<ProblemWords> => loaders[language]().catch(() => noWords);

export interface Refusal {
  /** Undefined while the words are loaded. */
  readonly text: string | undefined;
  /** What is wrong with a field, where the API named it. */
  fieldMessage(field: string): string | undefined;
}

/** What went wrong, in the language of the page. */
export function useRefusal(error: unknown): Refusal {
  const { language, t } = useMessages();
  const { data: words } = useQuery({
    queryKey: ['problem words', language],
    queryFn: () => loadProblemWords(language),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  });
  return {
    text: words && textOf(error, words, t),
    fieldMessage(field) {
      const message = error instanceof ApiError ? error.fieldMessage(field) : undefined;
      if (message === undefined || !words) return message;
      const said = sayField(words, message);
      // Below its field it stands by itself.
      return said.charAt(0).toUpperCase() + said.slice(1);
    },
  };
}

/** @param error whatever was thrown @param t the site's words for what no API said */
export function textOf(
  error: unknown,
  words: ProblemWords,
  t: { readonly noAnswer: string; readonly broken: string },
): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t.noAnswer;
  return error.status >= 500 && !error.problem.detail ? t.broken : sayProblem(words, error);
}
