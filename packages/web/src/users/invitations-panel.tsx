import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { useLeaving } from '../parts/leaving.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { usersMessages } from './messages.ts';
import { invitationsQuery } from './queries.ts';
import { type Role, RoleSelect } from './role-select.tsx';

type Invitation = CallOutput<'listInvitations'>['invitations'][number];

function InviteForm({ by, onClose }: { readonly by: Role; readonly onClose: () => void }) {
  const { t, language } = useMessages();
  const text = useText(usersMessages);
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const invite = useMutation({
    mutationFn: () => api('inviteUser', { body: { email, role, language } }),
    // Also after a failure: the invitation may stand although its mail could not be sent.
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  const fieldError = useRefusal(invite.error).fieldMessage('email');
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field label={text.email} hint={text.emailHint} error={fieldError}>
        {(ids) => (
          <input
            {...ids}
            type="email"
            autoComplete="off"
            className={inputClass}
            value={email}
            maxLength={254}
            required
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.role}>{({ id }) => <RoleSelect id={id} by={by} value={role} onChange={setRole} />}</Field>
      {invite.error && !fieldError && <ProblemNotice error={invite.error} />}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="strong" type="submit" disabled={invite.isPending}>
          {text.invite}
        </Button>
      </div>
    </form>
  );
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const { date } = useMessages();
  const text = useText(usersMessages);
  const leaving = useLeaving();
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const params = { invitationId: invitation.id };
  const renew = useMutation({ mutationFn: () => api('renewInvitation', { params }), onSettled });
  const revoke = () =>
    leaving.leave({
      id: invitation.id,
      text: text.takenBack(invitation.email),
      call: async () => {
        await api('revokeInvitation', { params });
        await onSettled();
      },
    });
  const { error, isPending: busy } = renew;
  return (
    <li className="space-y-3 py-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="font-medium wrap-anywhere">{invitation.email}</span>
          <span className="block text-sm text-soft">
            {text.roles[invitation.role]}, {text.openUntil(date(invitation.expiresAt))}
          </span>
        </span>
        <span className="flex flex-wrap gap-3">
          <Button disabled={busy || renew.isSuccess} onClick={() => renew.mutate()}>
            {renew.isSuccess ? text.sentAgain : text.sendAgain}
          </Button>
          <Button disabled={busy} onClick={revoke}>
            {text.takeBack}
          </Button>
        </span>
      </div>
      {error && <ProblemNotice error={error} />}
    </li>
  );
}

/** Who is invited, for those who may invite. */
export function InvitationsPanel({ by }: { readonly by: Role }) {
  const text = useText(usersMessages);
  const invitations = useQuery(invitationsQuery);
  const [open, setOpen] = useState(false);
  const leaving = useLeaving();
  const shown = invitations.data?.invitations.filter(({ id }) => !leaving.ids.has(id));
  return (
    <Panel
      title={text.invitations}
      aside={
        <Button look="strong" onClick={() => setOpen(true)}>
          {text.inviteTitle}
        </Button>
      }
    >
      {invitations.isPending && <Skeleton />}
      {invitations.error && <ProblemNotice error={invitations.error} retry={() => invitations.refetch()} />}
      {shown?.length === 0 && <p className="text-soft">{text.noInvitations}</p>}
      <ul className="divide-y divide-line">
        {shown?.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      {open && (
        <Dialog title={text.inviteTitle} onClose={() => setOpen(false)}>
          <InviteForm by={by} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </Panel>
  );
}
