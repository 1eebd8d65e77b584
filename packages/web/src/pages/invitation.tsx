import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/error.ts';
import { api, session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { usersMessages } from '../users/messages.ts';

/** Where the mail of an invitation leads, with the token behind the `#`, which browsers send to nobody. */
export function InvitationPage() {
  const { t } = useMessages();
  const text = useText(usersMessages);
  const [token] = useState(() => window.location.hash.slice(1));
  if (session.signedIn()) return <Invitation token={token} />;
  const here = `/invitation#${token}`;
  return (
    <>
      <PageTitle note={text.invitationSignIn}>{text.invitationTitle}</PageTitle>
      <div className="flex flex-wrap gap-3">
        <Button look="strong" onClick={() => session.start('signup', here)}>
          {t.signUp}
        </Button>
        <Button onClick={() => session.ask(here)}>{t.signIn}</Button>
      </div>
    </>
  );
}

function Invitation({ token }: { readonly token: string }) {
  const text = useText(usersMessages);
  const client = useQueryClient();
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: () => api('readInvitation', { body: { token } }),
    // Accepted or taken back, it is over; what was shown stays until the page is left.
    refetchOnWindowFocus: false,
  });
  const accept = useMutation({
    mutationFn: () => api('acceptInvitation', { body: { token } }),
    onSuccess: async () => {
      await session.renew();
      client.clear();
      window.location.assign('/console');
    },
  });
  const elsewhere = invitation.error instanceof ApiError && invitation.error.status === 403;
  return (
    <>
      <PageTitle>{text.invitationTitle}</PageTitle>
      <div className="max-w-prose space-y-5">
        {invitation.isPending && <Skeleton />}
        {invitation.error && <ProblemNotice error={invitation.error} />}
        {elsewhere && <Button onClick={() => session.end()}>{text.otherAccount}</Button>}
        {invitation.data && (
          <>
            <p className="text-lg">
              {text.invitationTo(invitation.data.company, text.roles[invitation.data.role], invitation.data.email)}
            </p>
            {accept.error && <ProblemNotice error={accept.error} />}
            <Button look="strong" disabled={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
              {text.accept}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
