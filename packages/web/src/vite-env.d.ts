/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the hosted sign-in pages are, without a trailing slash. */
  readonly VITE_HOSTED_LOGIN_URL: string;
  /** The site's app client of the user pool. */
  readonly VITE_CLIENT_ID: string;
}

declare module 'virtual:tenantry/routes' {
  /** What the build takes from the contract; see `contract-plugin.ts`. */
  export const routes: import('./api/client.ts').RouteTable;
}
