import { CopyButton } from './copy-button.tsx';

/** Something to copy as it stands: a command, a snippet, a record. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="space-y-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (WCAG 2.1.1) */}
      <section aria-label={label} tabIndex={0} className="overflow-x-auto rounded-lg border border-line bg-page p-4">
        <pre className="font-mono text-sm">{text}</pre>
      </section>
      <CopyButton text={text} />
    </div>
  );
}
