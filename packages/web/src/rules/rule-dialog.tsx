import { type FormEvent, useState } from 'react';
import { scenarioMessages } from '../explorer/messages.ts';
import { scenarios } from '../explorer/request.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { type Draft, draftOf, newDraft, type Rule, type RuleInput, ruleOf, type Target } from './draft.ts';
import { rulesMessages } from './messages.ts';
import { RulesPreview } from './preview.tsx';

/** One rule in a form, with what it would do to a list before it is saved. */
export function RuleDialog({
  rule,
  others,
  error,
  busy,
  onSave,
  onClose,
}: {
  readonly rule: Rule | undefined;
  /** All rules with this one in its place. */
  readonly others: (rule: RuleInput) => readonly RuleInput[];
  readonly error: unknown;
  readonly busy: boolean;
  readonly onSave: (rule: RuleInput) => void;
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const text = useText(rulesMessages);
  const names = useText(scenarioMessages);
  const [draft, setDraft] = useState<Draft>(rule ? draftOf(rule) : newDraft);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const said = ruleOf(draft);
  const target: Target = draft.effect === 'pin' ? 'itemIds' : draft.target;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (said) onSave(said);
  };
  const input = (
    label: string,
    name: 'name' | 'items' | 'category' | 'attribute' | 'value' | 'from' | 'until',
    more: { type?: string; hint?: string; maxLength?: number; required?: boolean } = {},
  ) => (
    <Field label={label} hint={more.hint}>
      {(ids) => (
        <input
          {...ids}
          type={more.type ?? 'text'}
          className={inputClass}
          value={draft[name]}
          maxLength={more.maxLength}
          required={more.required}
          onChange={({ target: { value } }) => set({ [name]: value })}
        />
      )}
    </Field>
  );
  const amount = (label: string, name: 'position' | 'factor', max: number, step: string) => (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          type="number"
          min={1}
          max={max}
          step={step}
          className={inputClass}
          value={draft[name]}
          required
          onChange={({ target: { valueAsNumber } }) => set({ [name]: Number.isNaN(valueAsNumber) ? 1 : valueAsNumber })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={rule ? text.editTitle(rule.name) : text.newTitle} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5">
        {input(text.name, 'name', { maxLength: 100, required: true })}
        <div className="space-y-2">
          <p className="text-sm font-medium">{text.effect}</p>
          <Segmented
            label={text.effect}
            options={text.effects}
            value={draft.effect}
            onChange={(effect) => set({ effect })}
          />
          <p className="text-sm text-soft">{text.effectTexts[draft.effect]}</p>
        </div>
        {draft.effect !== 'pin' && (
          <div className="space-y-2">
            <p className="text-sm font-medium">{text.onWhat}</p>
            <Segmented
              label={text.onWhat}
              options={text.targets}
              value={draft.target}
              onChange={(one) => set({ target: one })}
            />
          </div>
        )}
        {target === 'itemIds' && input(text.items, 'items', { maxLength: 4000, required: true })}
        {target === 'category' &&
          input(text.category, 'category', { hint: text.categoryHint, maxLength: 600, required: true })}
        {target === 'attribute' && (
          <div className="grid gap-4 sm:grid-cols-2">
            {input(text.attributeName, 'attribute', { maxLength: 40, required: true })}
            {input(text.attributeValue, 'value', { maxLength: 200, required: true })}
          </div>
        )}
        {draft.effect === 'pin' && amount(text.position, 'position', 20, '1')}
        {draft.effect === 'boost' && amount(text.factor, 'factor', 100, '0.1')}
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{text.lists}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {scenarios.map((scenario) => (
              <label key={scenario} className="flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={draft.scenarios.length === 0 || draft.scenarios.includes(scenario)}
                  onChange={({ target: { checked } }) => {
                    const chosen = draft.scenarios.length === 0 ? scenarios : draft.scenarios;
                    const next = checked ? [...chosen, scenario] : chosen.filter((one) => one !== scenario);
                    set({ scenarios: next.length === scenarios.length ? [] : next });
                  }}
                />
                {names[scenario]}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          {input(text.from, 'from', { type: 'datetime-local' })}
          {input(text.until, 'until', { type: 'datetime-local' })}
        </div>
        <RulesPreview rules={said && others({ ...said, enabled: true })} />
        {error !== null && <ProblemNotice error={error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="strong" type="submit" disabled={!said || busy}>
            {text.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
