import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { HistoryPanel } from '../explorer/history-panel.tsx';
import { ListPanel, useList } from '../explorer/list-panel.tsx';
import { explorerMessages } from '../explorer/messages.ts';
import { type Choices, firstChoices } from '../explorer/request.ts';
import { ShopperPicker, shoppersQuery } from '../explorer/shopper-picker.tsx';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** How much two lists have in common. */
function InBoth({ shopperId, lists }: { readonly shopperId: string; readonly lists: readonly [Choices, Choices] }) {
  const { number } = useMessages();
  const text = useText(explorerMessages);
  const [one, other] = [useList(shopperId, lists[0]), useList(shopperId, lists[1])].map(
    ({ answer }) => new Set(answer.data?.list.items.map(({ itemId }) => itemId)),
  );
  const both = [...(one ?? [])].filter((itemId) => other?.has(itemId)).length;
  return <p className="text-sm text-soft">{text.both(number(both))}</p>;
}

/** What to do before a shopper is chosen: choose one, or see to it that there are some. */
function Begin({ offer }: { readonly offer: boolean }) {
  const text = useText(explorerMessages);
  const viewer = useViewer();
  const { data } = useQuery({ ...shoppersQuery, enabled: offer });
  if (data?.shoppers.length !== 0) return <EmptyState title={text.chooseTitle}>{text.chooseText}</EmptyState>;
  const toShop = viewer?.may('createApiKey') && (
    <Link to="/connect" className={buttonClass('strong')}>
      {text.toShop}
    </Link>
  );
  return (
    <EmptyState title={text.noShoppersTitle} action={toShop}>
      {text.noShoppersText}
    </EmptyState>
  );
}

/** A shopper's history beside the lists that they would be shown. The shopper is in the address, so that a colleague sees the same. */
export function ExplorerPage() {
  const text = useText(explorerMessages);
  const viewer = useViewer();
  const navigate = useNavigate();
  const { shopper = '' } = useSearch({ strict: false }) as { readonly shopper?: string };
  const [first, setFirst] = useState<Choices>(firstChoices);
  const [second, setSecond] = useState<Choices>();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('previewRecommendations')) return <NotForYou title={text.title} />;
  const seesShoppers = viewer.may('readShopperEvents');
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          shopper && (
            <label className="flex min-h-10 items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={second !== undefined}
                onChange={({ target }) =>
                  setSecond(target.checked ? { ...first, scenario: 'trending', about: '' } : undefined)
                }
              />
              {text.compare}
            </label>
          )
        }
      >
        {text.title}
      </PageTitle>
      <div className={`grid gap-5 lg:items-start ${second ? '' : 'lg:grid-cols-[20rem_1fr]'}`}>
        <div className={`grid min-w-0 gap-5 ${second ? 'lg:grid-cols-2 lg:items-start' : ''}`}>
          <ShopperPicker
            shopperId={shopper}
            offer={seesShoppers}
            onPick={(shopperId) => navigate({ to: '/explorer', search: { shopper: shopperId } })}
          />
          {shopper && seesShoppers && <HistoryPanel shopperId={shopper} />}
        </div>
        {shopper ? (
          <div className="min-w-0 space-y-3">
            {second && <InBoth shopperId={shopper} lists={[first, second]} />}
            <div className={`grid min-w-0 gap-5 ${second ? 'lg:grid-cols-2 lg:items-start' : ''}`}>
              <ListPanel title={text.list('A')} shopperId={shopper} choices={first} onChange={setFirst} />
              {second && <ListPanel title={text.list('B')} shopperId={shopper} choices={second} onChange={setSecond} />}
            </div>
          </div>
        ) : (
          <Begin offer={seesShoppers} />
        )}
      </div>
    </>
  );
}
