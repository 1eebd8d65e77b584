import { CopyButton } from '../parts/copy-button.tsx';

/** A value to copy into somebody else's form. */
export function Value({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="space-y-1.5">
      <dt className="text-sm font-medium">{label}</dt>
      <dd className="flex flex-wrap items-center justify-between gap-3">
        <code className="min-w-0 flex-1 rounded-lg border border-line bg-page px-3 py-2 font-mono text-sm wrap-anywhere">
          {text}
        </code>
        <CopyButton text={text} />
      </dd>
    </div>
  );
}
