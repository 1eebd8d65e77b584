import { errorCodes } from '../errors/codes.ts';
import { idempotencyHeader, replayedHeader } from './idempotency.ts';
import { accessText, errorsOf } from './openapi.ts';
import { problemStatus } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function routeSection(route: Route): string {
  const example = route.example?.request
    ? `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(route.example.request, null, 2))}</code></pre>`
    : '';
  const errors = errorsOf(route)
    .map((code) => `<a href="#error-${code}"><code>${code}</code></a>`)
    .join(' ');
  return `<section id="${route.id}"><h3><code>${route.method} ${escapeHtml(route.path)}</code></h3>
<p>${escapeHtml(route.summary)}.</p><p class="who">${escapeHtml(accessText(route.access))}</p>${example}
${route.idempotent ? `<p>Takes an <a href="#idempotency"><code>${idempotencyHeader}</code></a>.</p>` : ''}${errors ? `<p>Errors: ${errors}</p>` : ''}</section>`;
}

/** The style of the page, which the domain's policy lets come from a file alone. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #dcddd6; --soft: #56605a; --accent: #0f6b57; --panel: #fff; --page: #f7f7f4; }
@media (prefers-color-scheme: dark) { :root { --line: #343d38; --soft: #a7b3ac; --accent: #6fd3b8; --panel: #1a201d; --page: #121614; } }
body { margin: 0; background: var(--page); font: 16px/1.6 ui-sans-serif, system-ui, "Noto Sans KR", sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1, h2, h3 { line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin-top: 3rem; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 0.25rem 1.25rem 1rem; margin: 1rem 0; }
section p { margin: 0.4rem 0; }
.who { color: var(--soft); font-size: 0.9rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, "Cascadia Code", monospace; font-size: 0.9rem; }
pre { background: var(--page); border-radius: 8px; padding: 0.75rem 1rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
:target { outline: 2px solid var(--accent); outline-offset: 4px; }
nav ul { columns: 18rem; padding-left: 1.1rem; }
`;

/** The contract as one page for people, without a script. */
export function docsPage(): string {
  const errors = (Object.keys(errorCodes) as (keyof typeof errorCodes)[])
    .map(
      (code) =>
        `<tr id="error-${code}"><td><code>${code}</code></td><td>${problemStatus[code]}</td><td>${escapeHtml(errorCodes[code])}</td></tr>`,
    )
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Tenantry API</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/docs/style.css"></head><body><main>
<h1>Tenantry API</h1><p>Also as an <a href="/openapi.json">OpenAPI 3.1 document</a>. Errors are problem documents (RFC 9457).</p>
<nav aria-label="Routes"><ul>${routes.map(({ id, method, path }) => `<li><a href="#${id}"><code>${method} ${escapeHtml(path)}</code></a></li>`).join('')}</ul></nav>
<h2>Routes</h2>${routes.map(routeSection).join('\n')}
<h2 id="idempotency">Sending again</h2><p>Name what you send by a header, <code>${idempotencyHeader}</code>, with a value of your own such as a UUID, and send it again with the same value when no answer came: nothing is made a second time, and the answer is the first one, with the header <code>${replayedHeader}: true</code>. It is kept for a day, for you and the route alone. While the first is under way, the answer is 409 with <code>retry-after</code>; the same value with another input is refused with 422. What failed is not kept: sent again, it is tried again.</p>
<h2>Errors</h2><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${errors}</tbody></table>
</main></body></html>`;
}
