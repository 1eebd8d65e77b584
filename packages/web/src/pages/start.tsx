import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { session } from '../app.ts';
import { Skeleton } from '../parts/skeleton.tsx';

/** Leads to the registration of a company, by way of the sign-up for whoever is not signed in. */
export function StartPage() {
  const { tier } = useSearch({ strict: false });
  useEffect(() => {
    const path = tier ? `/register?tier=${encodeURIComponent(tier)}` : '/register';
    if (session.signedIn()) window.location.replace(path);
    else void session.start('signup', path);
  }, [tier]);
  return <Skeleton lines={4} />;
}
