import { type Client, init } from './client.ts';

declare global {
  interface Window {
    tenantry?: Client & { readonly init: typeof init };
  }
}

/**
 * For pages without a bundler: `<script src="https://app.example.com/sdk.js" data-key="pk_…"></script>` starts the SDK as
 * `window.tenantry`. `data-consent="false"` waits for `tenantry.setConsent(true)`.
 */
const script = document.currentScript;
const { key, consent, shopper } = script?.dataset ?? {};
if (script instanceof HTMLScriptElement && key) {
  const client = init({
    key,
    url: new URL(script.src).origin,
    consent: consent !== 'false',
    ...(shopper ? { shopperId: shopper } : {}),
  });
  window.tenantry = { ...client, init };
}
