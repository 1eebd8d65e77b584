import { type ApiEvent, stateOf } from './api-event.ts';

/** Longest value that is read; browsers keep no more of a cookie with its name and attributes. */
const VALUE_LENGTH_MAX = 4096;

/** The cookies of a request and of its answer. */
export interface Cookies {
  /** The value that came with the request; undefined when there is none, or more than one of the name. */
  read(name: string): string | undefined;
  /** Sets one with the answer, be it a success or a refusal. @param cookie with its attributes */
  set(cookie: string): void;
}

export const cookiesOf = (event: ApiEvent): Cookies => ({
  read(name) {
    const [value, ...others] = (event.cookies ?? [])
      .filter((cookie) => cookie.startsWith(`${name}=`))
      .map((cookie) => cookie.slice(name.length + 1));
    return others.length > 0 || !value || value.length > VALUE_LENGTH_MAX ? undefined : value;
  },
  set(cookie) {
    stateOf(event).cookies.push(cookie);
  },
});

/** What an answer carries of the cookies that were set. */
export function answeredCookies(event: ApiEvent): { readonly cookies?: string[] } {
  const { cookies } = stateOf(event);
  return cookies.length > 0 ? { cookies: [...cookies] } : {};
}

/** A cookie for the server alone: scripts cannot read it, other sites' pages cannot send it. A `days` of 0 removes it. */
export function serverCookie(
  cookie: { readonly name: string; readonly path: string; readonly days: number },
  value: string,
): string {
  const { name, path, days } = cookie;
  if (!/^[\w!#$%&'()*+./:<=>?@[\]^`{|}~-]*$/.test(value))
    throw new Error(`The value of ${name} does not fit a cookie.`);
  return `${name}=${value}; Path=${path}; Max-Age=${days * 86_400}; HttpOnly; Secure; SameSite=Strict`;
}
