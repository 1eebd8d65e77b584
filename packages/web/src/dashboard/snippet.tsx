import { useMessages } from '../messages/context.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Panel } from '../parts/panel.tsx';

/** What a shop's page does: it sends an event, then asks for a list. */
const snippetFor = (origin: string): string => `const tenantry = (path, body) =>
  fetch('${origin}/v1/' + path, {
    method: 'POST',
    headers: {
      authorization: 'Bearer pk_YOUR_KEY',
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  }).then((response) => response.json());

await tenantry('events', {
  events: [{ shopperId: 'shopper-1', itemId: 'sku-42', type: 'view' }],
});
const { items } = await tenantry('recommendations', {
  shopperId: 'shopper-1',
  limit: 10,
});`;

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
