import { tierTitles } from '@tenantry/core/contract/choices';
import { type FormEvent, useState } from 'react';
import type { CallInput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { companiesMessages } from './messages.ts';

type Query = CallInput<'listTenants'>['query'];
/** What is asked of the list. */
export type Wanted = Pick<Query, 'search' | 'status' | 'tier' | 'health' | 'sort'>;

function Choice<Name extends string>({
  label,
  all,
  options,
  value,
  onChoose,
}: {
  readonly label: string;
  /** What stands for no choice; absent where there must be one. */
  readonly all?: string;
  readonly options: Readonly<Record<Name, string>>;
  readonly value: Name | undefined;
  readonly onChoose: (value: Name | undefined) => void;
}) {
  return (
    <Field label={label}>
      {(ids) => (
        <select
          {...ids}
          className={inputClass}
          value={value ?? ''}
          onChange={(event) => onChoose((event.target.value || undefined) as Name | undefined)}
        >
          {all !== undefined && <option value="">{all}</option>}
          {Object.entries<string>(options).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What of the companies is listed, and in which order. */
export function Filters({
  wanted,
  onChange,
}: {
  readonly wanted: Wanted;
  readonly onChange: (wanted: Wanted) => void;
}) {
  const { t } = useMessages();
  const text = useText(companiesMessages);
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ ...wanted, search: typed.trim() || undefined });
  };
  return (
    <form onSubmit={submit} className="mb-5 space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 grow basis-64">
          <Field label={text.search}>
            {(ids) => (
              <input
                {...ids}
                type="search"
                maxLength={100}
                className={inputClass}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Button type="submit" className="min-h-11">
          {text.find}
        </Button>
      </div>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Choice
          label={text.status}
          all={text.all}
          options={t.statuses}
          value={wanted.status}
          onChoose={(status) => onChange({ ...wanted, status })}
        />
        <Choice
          label={text.tier}
          all={text.all}
          options={tierTitles}
          value={wanted.tier}
          onChoose={(tier) => onChange({ ...wanted, tier })}
        />
        <Choice
          label={text.health}
          all={text.all}
          options={text.grades}
          value={wanted.health}
          onChoose={(health) => onChange({ ...wanted, health })}
        />
        <Choice
          label={text.sort}
          options={text.sorts}
          value={wanted.sort}
          onChoose={(sort) => onChange({ ...wanted, sort })}
        />
      </div>
    </form>
  );
}
