import { useState } from 'react';
import type { Item } from './items.ts';

/** The item's picture, or the first letter of its name where there is none that can be shown. */
export function ItemPicture({
  item,
  itemId,
  large = false,
}: {
  readonly item: Pick<Item, 'title' | 'imageUrl'> | undefined;
  readonly itemId: string;
  readonly large?: boolean;
}) {
  const [broken, setBroken] = useState<string>();
  const size = large ? 'size-14' : 'size-10';
  const url = item?.imageUrl;
  if (url && url !== broken) {
    return (
      <img
        src={url}
        alt=""
        loading="lazy"
        referrerPolicy="no-referrer"
        onError={() => setBroken(url)}
        className={`${size} shrink-0 rounded-lg border border-line bg-page object-cover`}
      />
    );
  }
  return (
    <span aria-hidden="true" className={`${size} grid shrink-0 place-items-center rounded-lg bg-tint font-medium`}>
      {(item?.title ?? itemId).slice(0, 1).toUpperCase()}
    </span>
  );
}

/** An item as a line: picture, name and id. */
export function ItemName({ item, itemId }: { readonly item: Item | undefined; readonly itemId: string }) {
  return (
    <span className="flex min-w-0 items-center gap-3">
      <ItemPicture item={item} itemId={itemId} />
      <span className="min-w-0">
        <span className="block font-medium wrap-anywhere">{item?.title ?? itemId}</span>
        {item?.title && <span className="block text-sm text-soft wrap-anywhere">{itemId}</span>}
      </span>
    </span>
  );
}
