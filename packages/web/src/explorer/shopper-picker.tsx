import { queryOptions, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { explorerMessages } from './messages.ts';

/** Ids of shoppers, as the API takes them. */
const SHOPPER = /^[\x21-\x7e]{1,128}$/;

/** Some shoppers who were in the shop not long ago. */
export const shoppersQuery = queryOptions({
  queryKey: ['shoppers'],
  queryFn: () => api('listShoppers', { query: { limit: '12' } }),
  refetchInterval: 30_000,
});

/** A field for any shopper, and some of late to choose from, for those who may see them. */
export function ShopperPicker({
  shopperId,
  offer,
  onPick,
}: {
  readonly shopperId: string;
  /** Whether the viewer may see who the shoppers are. */
  readonly offer: boolean;
  readonly onPick: (shopperId: string) => void;
}) {
  const { t } = useMessages();
  const text = useText(explorerMessages);
  const [typed, setTyped] = useState(shopperId);
  const recent = useQuery({ ...shoppersQuery, enabled: offer });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (SHOPPER.test(typed)) onPick(typed);
  };
  const pick = (id: string) => {
    setTyped(id);
    onPick(id);
  };
  return (
    <Panel title={t.shopper}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="min-w-40 flex-1">
          <Field label={text.pick}>
            {(ids) => (
              <input
                {...ids}
                className={inputClass}
                value={typed}
                maxLength={128}
                required
                spellCheck={false}
                placeholder="shopper-1"
                onChange={({ target }) => setTyped(target.value.trim())}
              />
            )}
          </Field>
        </div>
        <Button look="strong" type="submit">
          {text.open}
        </Button>
      </form>
      {offer && (
        <div className="mt-5">
          <h3 className="text-sm">{text.recent}</h3>
          {recent.isPending && <Skeleton lines={3} />}
          {recent.error && <ProblemNotice error={recent.error} />}
          {recent.data?.shoppers.length === 0 && <p className="mt-2 text-sm text-soft">{text.noShoppers}</p>}
          <ul className="mt-2 flex flex-wrap gap-2">
            {recent.data?.shoppers.map((one) => (
              <li key={one.shopperId}>
                <button
                  type="button"
                  aria-pressed={one.shopperId === shopperId}
                  onClick={() => pick(one.shopperId)}
                  className="min-h-8 rounded-full border border-line px-3 text-sm wrap-anywhere hover:border-accent aria-pressed:border-accent aria-pressed:bg-tint"
                >
                  {one.shopperId}
                </button>
              </li>
            ))}
          </ul>
          {(recent.data?.shoppers.length ?? 0) > 0 && <p className="mt-2 text-sm text-soft">{text.recentNote}</p>}
        </div>
      )}
    </Panel>
  );
}
