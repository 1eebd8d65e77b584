import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CallInput } from '../api/client.ts';
import { api } from '../app.ts';
import { scenarioMessages } from '../explorer/messages.ts';
import { type Scenario, scenarios } from '../explorer/request.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PerCategorySelect } from '../parts/per-category-select.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { experimentMessages } from './messages.ts';
import { experimentQuery } from './queries.ts';

type Plan = CallInput<'startExperiment'>['body'];

interface Draft {
  readonly id: number;
  readonly name: string;
  readonly percent: number;
  readonly perCategory: string;
  readonly rules: boolean;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const VARIANTS_MAX = 4;

/** The question of a new experiment and its variants. */
export function PlanDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, number } = useMessages();
  const text = useText(experimentMessages);
  const names = useText(scenarioMessages);
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [about, setAbout] = useState<readonly Scenario[]>([]);
  const [variants, setVariants] = useState<readonly Draft[]>([
    { id: 0, name: 'as-it-is', percent: 50, perCategory: '', rules: true },
    { id: 1, name: 'mixed', percent: 50, perCategory: '2', rules: true },
  ]);
  const start = useMutation({
    mutationFn: (plan: Plan) => api('startExperiment', { body: plan }),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: experimentQuery.queryKey });
    },
  });
  const sum = variants.reduce((total, { percent }) => total + percent, 0);
  const bad = (variant: Draft): boolean =>
    !NAME.test(variant.name) || variants.some((one) => one.id !== variant.id && one.name === variant.name);
  const set = (id: number, change: Partial<Draft>) =>
    setVariants(variants.map((variant) => (variant.id === id ? { ...variant, ...change } : variant)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({
      name,
      ...(about.length > 0 ? { scenarios: [...about] } : {}),
      variants: variants.map(({ name: variantName, percent, perCategory, rules }) => ({
        name: variantName,
        percent,
        rules,
        ...(perCategory ? { maxPerCategory: Number(perCategory) } : {}),
      })),
    });
  };
  return (
    <Dialog title={text.planTitle} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5">
        <Field label={text.planName} hint={text.planNameHint}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              value={name}
              maxLength={100}
              required
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{text.planLists}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {scenarios.map((scenario) => (
              <label key={scenario} className="flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={about.length === 0 || about.includes(scenario)}
                  onChange={({ target }) => {
                    const chosen = about.length === 0 ? scenarios : about;
                    const next = target.checked ? [...chosen, scenario] : chosen.filter((one) => one !== scenario);
                    setAbout(next.length === scenarios.length ? [] : next);
                  }}
                />
                {names[scenario]}
              </label>
            ))}
          </div>
        </fieldset>
        {variants.map((variant, index) => (
          <fieldset key={variant.id} className="space-y-3 rounded-lg border border-line p-4">
            <legend className="px-1 text-sm font-medium">{text.variantTitle(number(index + 1))}</legend>
            <div className="grid gap-3 sm:grid-cols-2">
              <Field
                label={text.variantName}
                hint={text.variantHint}
                error={bad(variant) ? text.variantBad : undefined}
              >
                {(ids) => (
                  <input
                    {...ids}
                    className={inputClass}
                    value={variant.name}
                    maxLength={20}
                    required
                    onChange={({ target }) => set(variant.id, { name: target.value })}
                  />
                )}
              </Field>
              <Field label={text.percent}>
                {(ids) => (
                  <input
                    {...ids}
                    type="number"
                    min={1}
                    max={99}
                    className={inputClass}
                    value={variant.percent}
                    required
                    onChange={({ target }) => set(variant.id, { percent: Number(target.value) })}
                  />
                )}
              </Field>
              <Field label={text.perCategory}>
                {(ids) => (
                  <PerCategorySelect
                    {...ids}
                    any={text.any}
                    value={variant.perCategory}
                    onChange={(perCategory) => set(variant.id, { perCategory })}
                  />
                )}
              </Field>
              <label className="flex min-h-11 items-center gap-2 self-end text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={variant.rules}
                  onChange={({ target }) => set(variant.id, { rules: target.checked })}
                />
                {text.rules}
              </label>
            </div>
            {variants.length > 2 && index > 0 && (
              <Button onClick={() => setVariants(variants.filter(({ id }) => id !== variant.id))}>
                {text.dropVariant}
              </Button>
            )}
          </fieldset>
        ))}
        <div className="flex flex-wrap items-center justify-between gap-3">
          {variants.length < VARIANTS_MAX && (
            <Button
              onClick={() => {
                const id = Math.max(...variants.map((variant) => variant.id)) + 1;
                const each = Math.floor(100 / (variants.length + 1));
                const all = [
                  ...variants,
                  { id, name: `variant-${id + 1}`, percent: each, perCategory: '', rules: true },
                ];
                setVariants(
                  all.map((variant, at) => ({ ...variant, percent: at === 0 ? 100 - each * (all.length - 1) : each })),
                );
              }}
            >
              {text.addVariant}
            </Button>
          )}
          {sum !== 100 && (
            <p role="alert" className="text-sm text-bad">
              {text.sum(number(sum))}
            </p>
          )}
        </div>
        {start.error && <ProblemNotice error={start.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="strong" type="submit" disabled={start.isPending || sum !== 100 || variants.some(bad)}>
            {text.begin}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
