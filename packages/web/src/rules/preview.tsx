import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { ItemPicture } from '../catalogue/item-picture.tsx';
import { useItems } from '../catalogue/items.ts';
import { useViewer } from '../company/company.ts';
import { scenarioMessages } from '../explorer/messages.ts';
import { type Scenario, scenarioNeeds, scenarios } from '../explorer/request.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import type { RuleInput } from './draft.ts';
import { rulesMessages } from './messages.ts';

type List = CallOutput<'previewRules'>['before'];
const SHOWN = 8;
/** Lists that are about no item, so that nothing more needs to be said to try them. */
const tried = scenarios.filter((scenario) => scenarioNeeds[scenario] === null);

function Side({ title, list, other }: { readonly title: string; readonly list: List; readonly other?: List }) {
  const { number } = useMessages();
  const text = useText(rulesMessages);
  const known = useItems(list.items.map(({ itemId }) => itemId));
  const places = new Map(other?.items.map(({ itemId }, index) => [itemId, index]));
  return (
    <div className="min-w-0">
      <h3 className="mb-2 text-sm">{title}</h3>
      <ol aria-label={title} className="space-y-2 text-sm">
        {list.items.map(({ itemId }, index) => {
          const before = places.get(itemId);
          return (
            <li key={itemId} className="flex items-center gap-2">
              <span className="w-5 shrink-0 text-right text-soft tabular-nums">{number(index + 1)}</span>
              <ItemPicture item={known.get(itemId)} itemId={itemId} />
              <span className="min-w-0 wrap-anywhere">
                {known.get(itemId)?.title ?? itemId}
                {other && before === undefined && <span className="block text-good">{text.came}</span>}
                {before !== undefined && before !== index && (
                  <span className={`block ${before > index ? 'text-good' : 'text-wait'}`}>
                    {text.moves(`${before > index ? '+' : '−'}${number(Math.abs(before - index))}`)}
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** A list as it is, beside the same with the rules as they would be; nothing is saved. */
export function RulesPreview({ rules }: { readonly rules: readonly RuleInput[] | undefined }) {
  const text = useText(rulesMessages);
  const names = useText(scenarioMessages);
  const viewer = useViewer();
  const shoppers = useQuery({
    queryKey: ['shoppers'],
    queryFn: () => api('listShoppers', { query: { limit: '12' } }),
    enabled: viewer?.may('listShoppers') ?? false,
  });
  const [typed, setTyped] = useState<string>();
  const [scenario, setScenario] = useState<Scenario>('personal');
  const shopperId = typed ?? shoppers.data?.shoppers[0]?.shopperId ?? 'shopper-1';
  const preview = useMutation({
    mutationFn: (set: readonly RuleInput[]) =>
      api('previewRules', { body: { rules: [...set], request: { shopperId, scenario, limit: SHOWN } } }),
  });
  const lists = preview.data;
  const order = (list: List): string => list.items.map(({ itemId }) => itemId).join(' ');
  const gone = lists?.before.items.filter(({ itemId }) => !lists.after.items.some((item) => item.itemId === itemId));
  return (
    <section aria-label={text.preview} className="space-y-4 rounded-lg bg-page p-4">
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
        <Field label={text.previewFor}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              value={shopperId}
              maxLength={128}
              onChange={({ target }) => setTyped(target.value.trim())}
            />
          )}
        </Field>
        <select
          aria-label={text.lists}
          className={inputClass}
          value={scenario}
          onChange={({ target }) => setScenario(target.value as Scenario)}
        >
          {tried.map((one) => (
            <option key={one} value={one}>
              {names[one]}
            </option>
          ))}
        </select>
        <Button disabled={!rules || !shopperId || preview.isPending} onClick={() => rules && preview.mutate(rules)}>
          {text.try}
        </Button>
      </div>
      {preview.error && <ProblemNotice error={preview.error} />}
      <div aria-live="polite">
        {lists && (
          <div className="space-y-3">
            {order(lists.before) === order(lists.after) && <p className="text-sm text-wait">{text.same}</p>}
            <div className="grid gap-5 sm:grid-cols-2">
              <Side title={text.before} list={lists.before} />
              <Side title={text.after} list={lists.after} other={lists.before} />
            </div>
            {gone && gone.length > 0 && (
              <p className="text-sm text-soft wrap-anywhere">
                {text.goes(gone.map(({ itemId }) => itemId).join(', '))}
              </p>
            )}
            <p className="text-sm text-soft">{text.previewNote}</p>
          </div>
        )}
      </div>
    </section>
  );
}
