import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { Button } from './button.tsx';

/** Copies a text and says so, also to screen readers. */
export function CopyButton({ text }: { readonly text: string }) {
  const { t } = useMessages();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <Button
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(true);
        }}
        onBlur={() => setCopied(false)}
      >
        {copied ? t.copied : t.copy}
      </Button>
      <span aria-live="polite" className="sr-only">
        {copied ? t.copied : ''}
      </span>
    </>
  );
}
