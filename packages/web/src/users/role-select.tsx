import { offeredRoles, rolesToGive } from '@tenantry/core/contract/choices';
import { useMessages } from '../messages/context.tsx';

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
  const { t } = useMessages();
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
          {t.users.roles[role]}
        </option>
      ))}
    </select>
  );
}
