import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { LeavingThings } from '../parts/leaving.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { Toasts } from '../parts/toasts.tsx';
import { useSavedLanguage } from '../shell/language-choice.ts';

function NotFoundPage() {
  const { t } = useMessages();
  return (
    <main className="mx-auto max-w-6xl px-4 py-12">
      <PageTitle>{t.pageNotFound}</PageTitle>
      <a href="/" className="underline underline-offset-4">
        {t.toStart}
      </a>
    </main>
  );
}

export const rootRoute = createRootRoute({
  component: function Root() {
    return (
      <Toasts>
        <LeavingThings>
          <Outlet />
        </LeavingThings>
      </Toasts>
    );
  },
  notFoundComponent: NotFoundPage,
});

/** Pages below are for signed-in people; others are sent to sign in and come back. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: function SignedIn() {
    const signedIn = session.signedIn();
    useSavedLanguage();
    useEffect(() => {
      if (!signedIn) void session.start('login', window.location.pathname + window.location.search);
    }, [signedIn]);
    return signedIn ? <Outlet /> : <Skeleton />;
  },
});
