import { CopyButton } from './copy-button.tsx';
import { ScrollArea } from './scroll-area.tsx';

/** Something to copy as it stands: a command, a snippet, a record. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="space-y-2">
      <ScrollArea label={label} className="rounded-lg border border-line bg-page p-4">
        <pre className="font-mono text-sm">{text}</pre>
      </ScrollArea>
      <CopyButton text={text} />
    </div>
  );
}
