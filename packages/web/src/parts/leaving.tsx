import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/error.ts';
import { useMessages } from '../messages/context.tsx';
import { loadProblemWords, textOf } from '../problems/use-refusal.ts';
import { toastMs, useToast } from './toasts.tsx';

interface Going {
  /** What it is: an id of its kind, told from all others. */
  readonly id: string;
  /** What the message says, beside the way back. */
  readonly text: string;
  /** Does it. Called once: when the time to undo is over, or the page is left. */
  readonly call: () => Promise<unknown>;
}

interface Leaving {
  /** What is about to go, to be shown as gone. */
  readonly ids: ReadonlySet<string>;
  leave(going: Going): void;
}

const Context = createContext<Leaving | undefined>(undefined);

/**
 * Lets things go with a way back instead of a question before: what is to be deleted is shown as gone, and is deleted when the time to undo is over. Whoever leaves the
 * site before has not undone it, so then it is done at once. What is refused comes back, and says why.
 */
export function LeavingThings({ children }: { readonly children: ReactNode }) {
  const { t, language } = useMessages();
  const toast = useToast();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Map<string, () => void>());
  const leave = useCallback(
    ({ id, text, call }: Going) => {
      if (waiting.current.has(id)) return;
      const comeBack = () => setIds((all) => new Set([...all].filter((one) => one !== id)));
      const act = () => {
        clearTimeout(timer);
        if (!waiting.current.delete(id)) return;
        call()
          .catch(async (error: unknown) => {
            const request = error instanceof ApiError && error.problem.requestId;
            const why = textOf(error, await loadProblemWords(language), t);
            toast(request ? `${why} ${t.requestId(request)}` : why);
          })
          .finally(comeBack);
      };
      const timer = setTimeout(act, toastMs);
      waiting.current.set(id, act);
      setIds((all) => new Set([...all, id]));
      toast(text, () => {
        clearTimeout(timer);
        if (waiting.current.delete(id)) comeBack();
      });
    },
    [toast, t, language],
  );
  useEffect(() => {
    const all = waiting.current;
    const doAll = () => {
      for (const act of [...all.values()]) act();
    };
    window.addEventListener('pagehide', doAll);
    return () => window.removeEventListener('pagehide', doAll);
  }, []);
  const value = useMemo(() => ({ ids, leave }), [ids, leave]);
  return <Context value={value}>{children}</Context>;
}

/** What is about to go, and how to let something go. */
export function useLeaving(): Leaving {
  const leaving = use(Context);
  if (!leaving) throw new Error('LeavingThings is missing.');
  return leaving;
}
