/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the hosted sign-in pages are, without a trailing slash. */
  readonly VITE_HOSTED_LOGIN_URL: string;
  /** The site's app client of the user pool. */
  readonly VITE_CLIENT_ID: string;
}
