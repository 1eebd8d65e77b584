import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { accountMessages } from './messages.ts';

/** Where mails lead whoever wants no more of them, with the token behind the `#`. Nothing is done before the button: some mail programs open links. */
export function UnsubscribePage() {
  const text = useText(accountMessages);
  const [token] = useState(() => window.location.hash.slice(1));
  const leave = useMutation({ mutationFn: () => api('unsubscribe', { params: { token } }) });
  const toAccount = (
    <a href="/account" className="inline-flex min-h-6 items-center underline underline-offset-4">
      {text.toAccount}
    </a>
  );
  return (
    <>
      <PageTitle>{text.leaveTitle}</PageTitle>
      <div className="max-w-prose space-y-5">
        {!token && <p>{text.noToken}</p>}
        {token && !leave.data && (
          <>
            <p>{text.leaveText}</p>
            {leave.error && <ProblemNotice error={leave.error} />}
            <Button look="strong" disabled={leave.isPending} onClick={() => leave.mutate()}>
              {text.leave}
            </Button>
          </>
        )}
        {leave.data && (
          <p role="status" className="text-lg">
            {text.left[leave.data.category]} <span className="text-soft">{text.back}</span>
          </p>
        )}
        {(!token || leave.data) && <p>{toAccount}</p>}
      </div>
    </>
  );
}
