import { useQuery } from '@tanstack/react-query';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { usersQuery } from '../users/queries.ts';
import { knownActions } from './actions.ts';
import { auditMessages } from './messages.ts';
import { type Filters, noFilters } from './queries.ts';

/** Who, what and when. Each choice counts at once. */
export function FilterForm({
  filters,
  onChange,
}: {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}) {
  const text = useText(auditMessages);
  const viewer = useViewer();
  const users = useQuery({ ...usersQuery, enabled: viewer?.may('listUsers') ?? false });
  const filtered = filters.span !== 'all' || filters.actor !== '' || filters.action !== '';
  return (
    <search aria-label={text.filter} className="mb-5 flex flex-wrap items-end gap-4">
      <Segmented
        label={text.span}
        options={text.spans}
        value={filters.span}
        onChange={(span) => onChange({ ...filters, span })}
      />
      <div className="min-w-48 flex-1">
        <Field label={text.actor}>
          {({ id }) => (
            <select
              id={id}
              className={inputClass}
              value={filters.actor}
              onChange={({ target }) => onChange({ ...filters, actor: target.value })}
            >
              <option value="">{text.anyActor}</option>
              {users.data?.users.map(({ id: userId, email }) => (
                <option key={userId} value={userId}>
                  {email}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="min-w-48 flex-1">
        <Field label={text.action}>
          {({ id }) => (
            <select
              id={id}
              className={inputClass}
              value={filters.action}
              onChange={({ target }) => onChange({ ...filters, action: target.value })}
            >
              <option value="">{text.anyAction}</option>
              {knownActions.map((action) => (
                <option key={action} value={action}>
                  {text.actions[action]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {filtered && <Button onClick={() => onChange(noFilters)}>{text.clear}</Button>}
    </search>
  );
}
