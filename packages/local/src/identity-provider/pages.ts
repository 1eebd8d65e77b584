import { HOSTED_CSS } from '../cognito/hosted/styles.ts';
import { type Html, html } from '../mail/html.ts';
import type { PageResponse } from '../mail/page-server.ts';

/** A page of the local identity provider. @param formTargets origins to which its forms may lead on */
export function providerPage(
  title: string,
  content: Html,
  options: { readonly status?: number; readonly formTargets?: readonly string[] } = {},
): PageResponse {
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<div class="brand">Local identity provider</div>
<div class="card">
<h1>${title}</h1>
${content}
</div>
</main>
</body>
</html>
`;
  const targets = ["'self'", ...(options.formTargets ?? [])].join(' ');
  return {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // With `no-referrer` browsers send `Origin: null`, and the form of the DNS records could not be told from others'.
      'referrer-policy': 'same-origin',
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`,
    },
    body: body.markup,
  };
}

export const styleSheet: PageResponse = {
  headers: { 'content-type': 'text/css; charset=utf-8' },
  // Addresses are longer than a card is wide.
  body: `${HOSTED_CSS}\ncode { overflow-wrap: anywhere; }\n`,
};

/** Where a visitor says who it is. @param hidden fields that the form sends along */
export function personForm(hidden: Readonly<Record<string, string>>, hint: string): Html {
  const fields = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<p class="quiet">Whoever you say to be is believed here. The provider of a real company asks for a password.</p>
<form method="post">
${fields}
<div><label for="email">Email address</label>
<input id="email" name="email" type="email" required maxlength="254" value="${hint}" autofocus></div>
<div><label for="name">Name</label>
<input id="name" name="name" maxlength="100"></div>
<div><label for="subject">Subject (made of the address when left empty)</label>
<input id="subject" name="subject" maxlength="100"></div>
<button>Sign in</button>
</form>`;
}
