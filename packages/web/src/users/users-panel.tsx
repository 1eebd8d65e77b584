import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { rolesToGive } from '@tenantry/core/contract/choices';
import type { CallOutput } from '../api/client.ts';
import { api, session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { useLeaving } from '../parts/leaving.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { SureButton } from '../parts/sure-button.tsx';
import { queries } from '../queries.ts';
import { withNothingAsked } from '../queries-at-rest.ts';
import { usersMessages } from './messages.ts';
import { usersQuery } from './queries.ts';
import { type Role, RoleSelect } from './role-select.tsx';

type User = CallOutput<'listUsers'>['users'][number];

/** The one who looks at the page. */
export interface Viewer {
  readonly id: string;
  readonly role: Role;
  /** Of the company, which confirms that it is left. */
  readonly slug: string;
}

function UserRow({ user, viewer }: { readonly user: User; readonly viewer: Viewer }) {
  const { date } = useMessages();
  const text = useText(usersMessages);
  const client = useQueryClient();
  const leaving = useLeaving();
  const refresh = () =>
    Promise.all([usersQuery, queries.me].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
  const params = { userId: user.id };
  const change = useMutation({
    mutationFn: (role: Role) => api('changeRole', { params, body: { role } }),
    onSettled: refresh,
  });
  const remove = () =>
    leaving.leave({
      id: user.id,
      text: text.removed(user.email),
      call: async () => {
        await api('removeUser', { params });
        await refresh();
      },
    });
  const leave = useMutation({
    // What the page still asks for when its user has left would be refused.
    mutationFn: () => withNothingAsked(client, () => api('leaveTenant', { query: { confirm: viewer.slug } })),
    onSuccess: async () => {
      await session.renew();
      client.clear();
      window.location.assign('/console');
    },
  });
  const self = user.id === viewer.id;
  const inHand = rolesToGive[viewer.role].includes(user.role);
  const error = change.error ?? leave.error;
  const busy = change.isPending || leave.isPending;
  return (
    <li className="space-y-3 py-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="font-medium wrap-anywhere">{user.email}</span>
          {self && <span className="ml-2 rounded-full bg-tint px-2 py-0.5 text-xs">{text.you}</span>}
          <span className="block text-sm text-soft">{text.joined(date(user.joinedAt))}</span>
        </span>
        <span className="flex flex-wrap items-center gap-3">
          {inHand ? (
            <RoleSelect
              by={viewer.role}
              value={change.isPending ? change.variables : user.role}
              disabled={busy}
              aria-label={text.roleOf(user.email)}
              onChange={(role) => change.mutate(role)}
            />
          ) : (
            <span className="text-sm text-soft">{text.roles[user.role]}</span>
          )}
          {self && (
            <SureButton label={text.leave} sure={text.leaveSure} disabled={busy} onSure={() => leave.mutate()} />
          )}
          {!self && inHand && (
            <Button aria-label={`${text.remove}: ${user.email}`} disabled={busy} onClick={remove}>
              {text.remove}
            </Button>
          )}
        </span>
      </div>
      {error && <ProblemNotice error={error} />}
    </li>
  );
}

/** Everybody who belongs to the company, with what the viewer may do about them. */
export function UsersPanel({ viewer }: { readonly viewer: Viewer }) {
  const { number } = useMessages();
  const text = useText(usersMessages);
  const users = useQuery(usersQuery);
  const leaving = useLeaving();
  return (
    <Panel
      title={text.title}
      aside={
        users.data && (
          <span className="text-sm text-soft">
            {text.inUse(number(users.data.users.length), number(users.data.allowed))}
          </span>
        )
      }
    >
      {users.isPending && <Skeleton />}
      {users.error && <ProblemNotice error={users.error} retry={() => users.refetch()} />}
      <ul className="divide-y divide-line">
        {users.data?.users
          .filter(({ id }) => !leaving.ids.has(id))
          .map((user) => (
            <UserRow key={user.id} user={user} viewer={viewer} />
          ))}
      </ul>
    </Panel>
  );
}
