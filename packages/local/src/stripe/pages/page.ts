/** The frame of every hosted page: language, style, and headers that let nothing else in. */

import { type Html, html } from '../../mail/html.ts';
import type { Answer } from '../wire/http.ts';
import type { Language } from './words.ts';

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-language',
};

export interface PageOptions {
  readonly title: string;
  readonly language: Language;
  readonly main: Html;
  readonly status?: number;
  readonly width?: 'narrow' | 'broad';
  /** An address that the browser goes on to by itself, after a second. */
  readonly goTo?: string;
}

export function page({ title, language, main, status = 200, width, goTo }: PageOptions): Answer {
  const refresh = goTo === undefined ? undefined : html`<meta http-equiv="refresh" content="1;url=${goTo}">`;
  const { markup } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
<script src="/assets/page.js" defer></script>
</head>
<body><main class="page${width ? ` ${width}` : ''}">
${main}
</main></body>
</html>`;
  return { status, headers, body: markup };
}

export const redirect = (location: string): Answer => ({ status: 303, headers: { location }, body: '' });

export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2f5bd8"/><path d="M7 12h18M7 20h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>';
