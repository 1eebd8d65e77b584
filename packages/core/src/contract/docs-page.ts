import { errorCodes } from '../errors/codes.ts';
import { accessText } from './openapi.ts';
import { problemStatus } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function routeSection(route: Route): string {
  const example = route.example?.request
    ? `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(route.example.request, null, 2))}</code></pre>`
    : '';
  const errors = route.errors.map((code) => `<a href="#error-${code}"><code>${code}</code></a>`).join(' ');
  return `<section id="${route.id}"><h3><code>${route.method} ${escapeHtml(route.path)}</code></h3>
<p>${escapeHtml(route.summary)}.</p><p class="who">${escapeHtml(accessText(route.access))}</p>${example}
${errors ? `<p>Errors: ${errors}</p>` : ''}</section>`;
}

/** The contract as one page for people: no script, no style, readable by anything. */
export function docsPage(): string {
  const errors = (Object.keys(errorCodes) as (keyof typeof errorCodes)[])
    .map(
      (code) =>
        `<tr id="error-${code}"><td><code>${code}</code></td><td>${problemStatus[code]}</td><td>${escapeHtml(errorCodes[code])}</td></tr>`,
    )
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Tenantry API</title></head><body><main>
<h1>Tenantry API</h1><p>Also as an <a href="/openapi.json">OpenAPI 3.1 document</a>. Errors are problem documents (RFC 9457).</p>
<h2>Routes</h2>${routes.map(routeSection).join('\n')}
<h2>Errors</h2><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${errors}</tbody></table>
</main></body></html>`;
}
