import { useMessages } from '../messages/context.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Panel } from '../parts/panel.tsx';

/** What a shop puts into its pages: the SDK, an event for what is looked at, and a list. */
const snippetFor = (origin: string): string => `<script src="${origin}/sdk.js" data-key="pk_YOUR_KEY"></script>
<script>
  tenantry.track({ itemId: 'sku-42', type: 'view' });

  tenantry.recommend({ limit: 10 }).then(({ items }) => {
    console.log(items);
  });
</script>`;

export function SnippetPanel() {
  const { t } = useMessages();
  const snippet = snippetFor(window.location.origin);
  return (
    <Panel title={t.snippetTitle} aside={<CopyButton text={snippet} />}>
      <p className="mb-4 text-soft">{t.snippetText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-page p-4 font-mono text-sm">
        <code>{snippet}</code>
      </pre>
    </Panel>
  );
}
