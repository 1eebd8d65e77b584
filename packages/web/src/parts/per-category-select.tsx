import { useMessages } from '../messages/context.tsx';
import { inputClass } from './field.tsx';

/** Limits that a list offers; the API takes others too. */
const offered = [1, 2, 3, 5] as const;

/** How many items of one category a list may hold, as the text of a form. */
export function PerCategorySelect({
  any,
  value,
  onChange,
  ...ids
}: {
  /** What no limit is called. */
  readonly any: string;
  /** Empty for no limit. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly id: string;
}) {
  const { number } = useMessages();
  return (
    <select {...ids} className={inputClass} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{any}</option>
      {offered.map((most) => (
        <option key={most} value={most}>
          {number(most)}
        </option>
      ))}
    </select>
  );
}
