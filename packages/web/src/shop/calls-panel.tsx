import { productOf } from '@tenantry/core/contract/demo-shop/products';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { shopMessages } from './messages.ts';
import { type Shop, type ShopCall, useShopCalls } from './shop.ts';

/** What the shop has sent and asked, the newest first. */
export function CallsPanel({ shop }: { readonly shop: Shop }) {
  const text = useText(shopMessages);
  const calls = useShopCalls(shop);
  return (
    <aside aria-label={text.calls} className="space-y-3 rounded-xl border border-line bg-panel p-4 text-sm">
      <h2 className="text-base">{text.calls}</h2>
      {calls.length === 0 && <p className="text-soft">{text.noCalls}</p>}
      <ol className="space-y-2">
        {calls.map((call) => (
          <li key={call.id} className="border-b border-line pb-2">
            <Call call={call} />
          </li>
        ))}
      </ol>
    </aside>
  );
}

function Call({ call }: { readonly call: ShopCall }) {
  const { language, number } = useMessages();
  const text = useText(shopMessages);
  const { kind, name, itemId, list, reason, at } = call;
  const product = itemId ? productOf(itemId)?.title[language] : undefined;
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return (
    <>
      <p className="flex justify-between gap-2">
        <span className={kind === 'failed' ? 'text-bad' : 'font-medium'}>
          {kind === 'asked' ? `recommend · ${name}` : kind === 'sent' ? `track · ${name}` : `${name}`}
        </span>
        <time className="text-soft" dateTime={at.toISOString()}>
          {time}
        </time>
      </p>
      {product && <p className="text-soft">{product}</p>}
      {list && (
        <p className="wrap-anywhere text-soft">
          {text.answer(number(list.items), number(list.milliseconds), list.modelVersion)}
        </p>
      )}
      {reason && <p className="text-bad">{reason}</p>}
    </>
  );
}
