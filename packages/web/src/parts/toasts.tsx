import { createContext, type ReactNode, use, useCallback, useRef, useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { Button } from './button.tsx';

/** Long enough to read it and to decide to undo it. */
export const toastMs = 10_000;

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

const Context = createContext<((text: string, undo?: () => void) => void) | undefined>(undefined);

/** The place for short messages about what was just done, read out to screen readers, each with its undo where there is one. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const { t } = useMessages();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (text: string, undo?: () => void) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-2), { id, text, undo }]);
      setTimeout(() => drop(id), toastMs);
    },
    [drop],
  );
  return (
    <Context value={show}>
      {children}
      <div role="status" className="fixed inset-x-4 bottom-4 z-20 mx-auto flex max-w-md flex-col gap-2">
        {toasts.map(({ id, text, undo }) => (
          <div
            key={id}
            className="flex items-center justify-between gap-3 rounded-xl border border-line bg-panel px-4 py-3 text-sm shadow-lg"
          >
            <p className="wrap-anywhere">{text}</p>
            {undo && (
              <Button
                onClick={() => {
                  drop(id);
                  undo();
                }}
              >
                {t.undo}
              </Button>
            )}
          </div>
        ))}
      </div>
    </Context>
  );
}

/** Says what was done; with `undo`, offers to take it back. */
export function useToast(): (text: string, undo?: () => void) => void {
  const show = use(Context);
  if (!show) throw new Error('Toasts is missing.');
  return show;
}
