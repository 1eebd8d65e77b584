import { type ReactNode, useEffect, useId, useRef } from 'react';

/** A modal dialog of the browser's own: it traps the focus, closes by Escape, and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Development mounts twice, and an open dialog cannot be shown again.
    if (!element.current?.open) element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onClose={onClose}
      className="m-auto w-[min(32rem,calc(100%-2rem))] rounded-xl border border-line bg-panel p-6 text-ink backdrop:bg-black/50"
    >
      <h2 id={id} className="mb-4 text-lg">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
