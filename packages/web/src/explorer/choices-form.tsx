import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Field, inputClass } from '../parts/field.tsx';
import { PerCategorySelect } from '../parts/per-category-select.tsx';
import { explorerMessages, scenarioMessages } from './messages.ts';
import { type Choices, type Scenario, scenarioNeeds, scenarios } from './request.ts';

const limits = [5, 10, 20, 50] as const;

/** What a list is asked for. Each change is asked at once. */
export function ChoicesForm({
  choices,
  onChange,
}: {
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
}) {
  const { number } = useMessages();
  const text = useText(explorerMessages);
  const names = useText(scenarioMessages);
  const set = (change: Partial<Choices>) => onChange({ ...choices, ...change });
  const need = scenarioNeeds[choices.scenario];
  const check = (name: 'excludePurchased' | 'includeUnavailable') => (
    <label className="flex min-h-6 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={choices[name]}
        onChange={({ target }) => set({ [name]: target.checked })}
      />
      {text[name]}
    </label>
  );
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={text.scenario}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={choices.scenario}
            onChange={({ target }) => set({ scenario: target.value as Scenario, about: '' })}
          >
            {scenarios.map((scenario) => (
              <option key={scenario} value={scenario}>
                {names[scenario]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {need && (
        <Field label={need === 'cart' ? text.cart : text.item} error={choices.about.trim() ? undefined : text.refused}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              value={choices.about}
              maxLength={2000}
              spellCheck={false}
              onChange={({ target }) => set({ about: target.value })}
            />
          )}
        </Field>
      )}
      <Field label={text.limit}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={choices.limit}
            onChange={({ target }) => set({ limit: Number(target.value) })}
          >
            {limits.map((limit) => (
              <option key={limit} value={limit}>
                {number(limit)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.category} hint={text.categoryHint}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={choices.category}
            maxLength={300}
            onChange={({ target }) => set({ category: target.value })}
          />
        )}
      </Field>
      <Field label={text.perCategory}>
        {(ids) => (
          <PerCategorySelect
            {...ids}
            any={text.any}
            value={choices.maxPerCategory}
            onChange={(maxPerCategory) => set({ maxPerCategory })}
          />
        )}
      </Field>
      <div className="space-y-2 self-end pb-2">
        {check('excludePurchased')}
        {check('includeUnavailable')}
      </div>
    </div>
  );
}
