/** The names of the hosted pages' cookies. Ports share cookies, so the names say whose they are. */
export const COOKIES = { csrf: 'hosted_csrf', flow: 'hosted_flow', session: 'hosted_session' } as const;

/** The first cookie of each name wins, as browsers send the most specific first. */
export function parseCookies(header = ''): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (equals > 0 && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/** A cookie that scripts cannot read; without `maxAgeSeconds` it lives as long as the browser. */
export function cookie(name: string, value: string, maxAgeSeconds?: number): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${age}`;
}

export function expiredCookie(name: string): string {
  return cookie(name, '', 0);
}
