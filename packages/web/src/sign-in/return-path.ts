/** Where a sign-in leads in the end, from the address that began it: a path of this site, and of no other. */
export function returnPath({ search, origin }: { readonly search: string; readonly origin: string }): string {
  const to = new URLSearchParams(search).get('to') ?? '/console';
  const url = to.startsWith('/') && URL.canParse(to, origin) ? new URL(to, origin) : undefined;
  return url?.origin === origin ? `${url.pathname}${url.search}${url.hash}` : '/console';
}
