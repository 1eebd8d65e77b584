import * as z from 'zod';
import type { Route } from './route.ts';

/** What the browser keeps between reloads: the refresh token, in a cookie that no script can read. */
export const sessionCookie = {
  name: 'tenantry-session',
  /** The only place that the browser sends it to. */
  path: '/session',
  /** As long as the user pool takes a refresh token. */
  days: 30,
} as const;

const accessSchema = z.object({
  accessToken: z.string(),
  /** Seconds until it expires. */
  expiresIn: z.int().positive(),
});

export const sessionRoutes = {
  openSession: {
    id: 'openSession',
    method: 'POST',
    path: '/session',
    function: 'session',
    access: { by: 'site' },
    summary: 'Redeem the code that the hosted sign-in returned with; the session is kept in a cookie',
    body: z.strictObject({
      code: z.string().min(1).max(2048),
      /** What the challenge of the sign-in was made of (RFC 7636). */
      verifier: z.string().regex(/^[\w.~-]{43,128}$/, 'must be a code verifier'),
    }),
    bodyBytesMax: 4096,
    response: { status: 201, schema: accessSchema },
    errors: ['forbidden', 'invalid_request', 'unauthenticated', 'unavailable'],
    cost: 'heavy',
    example: {
      request: {
        code: 'b7e4d5b0-9c3f-4e0a-8f57-1d2c3b4a5968',
        verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      },
    },
  },
  renewSession: {
    id: 'renewSession',
    method: 'POST',
    path: '/session/renewal',
    function: 'session',
    access: { by: 'site' },
    summary: 'A new access token for the session of the cookie',
    response: { status: 200, schema: accessSchema },
    errors: ['forbidden', 'unauthenticated', 'unavailable'],
    cost: 'light',
  },
  closeSession: {
    id: 'closeSession',
    method: 'DELETE',
    path: '/session',
    function: 'session',
    access: { by: 'site' },
    summary: 'Sign out: the session of the cookie is revoked',
    response: { status: 204 },
    errors: ['forbidden', 'unavailable'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
