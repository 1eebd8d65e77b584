import { offeredRoles, rolesToGive } from '@tenantry/core/contract/choices';
import { useText } from '../messages/define.ts';
import { usersMessages } from './messages.ts';

export type Role = (typeof offeredRoles)[number];

/** Chooses among the roles that somebody of the role `by` may give. */
export function RoleSelect({
  by,
  value,
  onChange,
  ...rest
}: {
  readonly by: Role;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
  readonly id?: string;
  readonly disabled?: boolean;
  readonly 'aria-label'?: string;
}) {
  const text = useText(usersMessages);
  return (
    <select
      {...rest}
      className="min-h-10 rounded-lg border border-line bg-panel px-3"
      value={value}
      onChange={(event) => {
        const chosen = offeredRoles.find((role) => role === event.target.value);
        if (chosen) onChange(chosen);
      }}
    >
      {rolesToGive[by].map((role) => (
        <option key={role} value={role}>
          {text.roles[role]}
        </option>
      ))}
    </select>
  );
}
