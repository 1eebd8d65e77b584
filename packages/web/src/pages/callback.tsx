import { useEffect, useRef, useState } from 'react';
import { session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';

/** Where the hosted pages return to. A code counts once, so it is redeemed once however often the page renders. */
export function CallbackPage() {
  const { t } = useMessages();
  const [error, setError] = useState<unknown>();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    session.finish(new URLSearchParams(window.location.search)).then(
      (returnTo) => returnTo && window.location.replace(returnTo),
      (cause: unknown) => setError(cause),
    );
  }, []);
  if (!error) return <Skeleton />;
  return (
    <>
      <PageTitle>{t.callbackFailed}</PageTitle>
      <div className="max-w-prose space-y-4">
        <ProblemNotice error={error} />
        <Button look="strong" onClick={() => session.ask('/console')}>
          {t.signIn}
        </Button>
      </div>
    </>
  );
}
