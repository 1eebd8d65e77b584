import { routes } from 'virtual:tenantry/routes';
import { createApi, nobody } from './api/client.ts';
import { createSession } from './session/session.ts';

/** The one session of this tab, and the API as it sees it. */
export const session = createSession({
  loginUrl: import.meta.env.VITE_HOSTED_LOGIN_URL,
  clientId: import.meta.env.VITE_CLIENT_ID,
  origin: window.location.origin,
  api: createApi(nobody, routes),
  tab: window.sessionStorage,
  browser: window.localStorage,
  leave: (url) => window.location.assign(url),
});

export const api = createApi(session, routes);

// Whoever signs out in one tab is signed out in all of them.
window.addEventListener('storage', ({ key }) => session.changedElsewhere(key));
