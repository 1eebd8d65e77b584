import { type Html, html } from './html.ts';

export interface Page {
  readonly title: string;
  /** The section of the navigation that it belongs to. */
  readonly section: string;
  readonly body: Html;
  /** Reloads the contents this often, in milliseconds, while something on it is moving. */
  readonly refreshMs?: number | undefined;
  readonly status?: number;
}

export const sections = [
  { path: '/', title: 'Overview' },
  { path: '/executions', title: 'Executions' },
  { path: '/functions', title: 'Functions' },
  { path: '/logs', title: 'Logs' },
  { path: '/tables', title: 'Tables' },
  { path: '/schedules', title: 'Schedules' },
  { path: '/mails', title: 'Mails' },
  { path: '/calls', title: 'Calls' },
  { path: '/kubernetes', title: 'Kubernetes' },
] as const;

/** The whole document around a page. */
export function renderDocument(page: Page, options: { readonly kubernetes: boolean }): string {
  const shown = sections.filter((section) => section.path !== '/kubernetes' || options.kubernetes);
  const items = shown.map(({ path, title }) => {
    const current = path === page.section ? html` aria-current="page"` : undefined;
    return html`<li><a href="${path}"${current}>${title}</a></li>`;
  });
  const refresh = page.refreshMs === undefined ? undefined : html` data-refresh="${page.refreshMs}"`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Tenantry local cloud</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/client.js" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28"><span>Tenantry <small>local cloud</small></span></a>
<nav aria-label="Sections"><ul>${items}</ul></nav>
</header>
<main id="main" tabindex="-1"${refresh}>
<h1>${page.title}</h1>
${page.body}
</main>
</body>
</html>
`.text;
}
