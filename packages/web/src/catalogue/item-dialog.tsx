import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import type { Item } from './items.ts';
import { catalogueMessages } from './messages.ts';
import { attributeOf, type Draft, majorUnits, minorUnits, splitCategory } from './read-file.ts';

type Value = NonNullable<Item['attributes']>[string];

const write = (value: Value): string => (Array.isArray(value) ? value.join(' | ') : String(value));
const writeAttributes = (attributes: Item['attributes']): string =>
  Object.entries(attributes ?? {})
    .map(([name, value]) => `${name} = ${write(value)}`)
    .join('\n');

/** What was not touched stays what it was, also a text that reads like a number. */
const readAttributes = (text: string, before: Item['attributes'] = {}): Draft['attributes'] =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [first = '', ...rest] = line.split('=');
        const [name, typed] = [first.trim(), rest.join('=').trim()];
        const old = before[name];
        return [name, old !== undefined && write(old) === typed ? old : attributeOf(typed)];
      }),
  );

/** One item, new or as it is, in a form; the API says by the field what it does not take. */
export function ItemDialog({ item, onClose }: { readonly item: Item | undefined; readonly onClose: () => void }) {
  const { t } = useMessages();
  const text = useText(catalogueMessages);
  const client = useQueryClient();
  const toast = useToast();
  const [id, setId] = useState(item?.id ?? '');
  const [title, setTitle] = useState(item?.title ?? '');
  const [url, setUrl] = useState(item?.url ?? '');
  const [imageUrl, setImageUrl] = useState(item?.imageUrl ?? '');
  const [category, setCategory] = useState(item?.category?.join(' > ') ?? '');
  const [currency, setCurrency] = useState(item?.price?.currency ?? '');
  const [amount, setAmount] = useState(item?.price ? majorUnits(item.price.amount, item.price.currency) : '');
  const [available, setAvailable] = useState(item?.available ?? true);
  const [attributes, setAttributes] = useState(writeAttributes(item?.attributes));
  const minor = amount ? minorUnits(amount, currency) : undefined;
  const priceFault = amount && minor === undefined ? text.mustBe.number : undefined;
  const currencyFault =
    Boolean(amount) !== Boolean(currency)
      ? text.mustBe.priceAlone
      : currency && !/^[A-Z]{3}$/.test(currency)
        ? text.mustBe.currency
        : undefined;
  const save = useMutation({
    mutationFn: () => {
      const levels = splitCategory(category);
      const draft: Draft = {
        id,
        available,
        ...(title ? { title } : {}),
        ...(url ? { url } : {}),
        ...(imageUrl ? { imageUrl } : {}),
        ...(levels.length > 0 ? { category: levels } : {}),
        ...(minor !== undefined ? { price: { amount: minor, currency } } : {}),
        ...(attributes.trim() ? { attributes: readAttributes(attributes, item?.attributes) } : {}),
      };
      return api('editItems', { body: { items: [draft] } });
    },
    onSuccess: async ({ accepted }) => {
      if (accepted === 0) return;
      toast(text.saved(title || id));
      onClose();
      await client.invalidateQueries({ queryKey: ['items'] });
    },
  });
  const faults = save.data?.verdicts[0]?.errors ?? [];
  const faultOf = (field: string): string | undefined =>
    faults.find((one) => one.field === `items.0.${field}` || one.field.startsWith(`items.0.${field}.`))?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const field = (
    label: string,
    name: string,
    value: string,
    onChange: (value: string) => void,
    more: { hint?: string; error?: string | undefined; required?: boolean; readOnly?: boolean; maxLength: number },
  ) => (
    <Field label={label} hint={more.hint} error={more.error ?? faultOf(name)}>
      {(ids) => (
        <input
          {...ids}
          className={`${inputClass} read-only:text-soft`}
          value={value}
          maxLength={more.maxLength}
          required={more.required}
          readOnly={more.readOnly}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={item ? text.editTitle(item.title ?? item.id) : text.add} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5">
        {field(text.id, 'id', id, (value) => setId(value.trim()), {
          hint: text.idHint,
          required: true,
          readOnly: item !== undefined,
          maxLength: 128,
        })}
        {field(text.name, 'title', title, setTitle, { maxLength: 200 })}
        {field(text.category, 'category', category, setCategory, { hint: text.categoryHint, maxLength: 600 })}
        <div className="grid gap-4 sm:grid-cols-2">
          {field(text.amount, 'price.amount', amount, setAmount, { error: priceFault, maxLength: 15 })}
          {field(text.currency, 'price.currency', currency, (value) => setCurrency(value.toUpperCase()), {
            error: currencyFault,
            maxLength: 3,
          })}
        </div>
        {field(text.url, 'url', url, setUrl, { maxLength: 2048 })}
        {field(text.imageUrl, 'imageUrl', imageUrl, setImageUrl, { maxLength: 2048 })}
        <Field label={text.attributes} hint={text.attributesHint} error={faultOf('attributes')}>
          {(ids) => (
            <textarea
              {...ids}
              rows={3}
              className={`${inputClass} font-mono text-sm`}
              value={attributes}
              maxLength={4096}
              onChange={({ target }) => setAttributes(target.value)}
            />
          )}
        </Field>
        <label className="flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={available}
            onChange={({ target }) => setAvailable(target.checked)}
          />
          {text.available}
        </label>
        {save.error && <ProblemNotice error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="strong"
            type="submit"
            disabled={save.isPending || priceFault !== undefined || currencyFault !== undefined}
          >
            {text.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
