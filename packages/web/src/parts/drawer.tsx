import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button.tsx';

/** A dialog at the side of the page, for menus on small screens and for details. */
export function Drawer({
  title,
  close,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the closing button is called. */
  readonly close: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Development mounts twice, and an open dialog cannot be shown again.
    if (!element.current?.open) element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      aria-label={title}
      onClose={onClose}
      className="m-0 h-dvh max-h-none w-[min(20rem,85vw)] border-r border-line bg-panel text-ink backdrop:bg-black/50"
    >
      <div className="flex flex-col gap-5 p-4">
        <Button aria-label={close} className="self-end" onClick={onClose}>
          <X aria-hidden="true" className="size-4" />
        </Button>
        {children}
      </div>
    </dialog>
  );
}
