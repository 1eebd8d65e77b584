import { codeElement, element, readable } from './element.ts';

const SHOWN_MAX = 100_000;
const DEADLINE_MS = 30_000;

const panel = document.querySelector<HTMLElement>('[data-credential]');
const credential = panel?.querySelector('input');
if (panel && credential) {
  panel.hidden = false;
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-try-route]')) prepare(form, panel, credential);
}

/** The request that a form asks for; `param:` names what stands in the path. */
function requestOf(form: HTMLFormElement, key: string): { readonly url: string; readonly init: RequestInit } {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? '').trim();
  const path = (form.dataset.path ?? '').replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(text(`param:${name}`)));
  const query = text('query').replace(/^\?/, '');
  const body = fields.has('body') ? text('body') : undefined;
  return {
    url: query ? `${path}?${query}` : path,
    init: {
      method: form.dataset.method ?? 'GET',
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      // The request is what the form says, without what the browser knows of a session.
      credentials: 'omit',
      signal: AbortSignal.timeout(DEADLINE_MS),
    },
  };
}

function prepare(form: HTMLFormElement, panel: HTMLElement, credential: HTMLInputElement): void {
  const place = form.querySelector('[data-answer]');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { url, init } = requestOf(form, credential.value.trim());
    const request = `${init.method} ${url}`;
    place?.replaceChildren(element('p', 'text-soft', panel.dataset.sending));
    try {
      const response = await fetch(url, init);
      const text = readable(await response.text());
      const head = element('p', 'font-semibold', `${panel.dataset.answerTitle}: ${response.status}`);
      place?.replaceChildren(head, codeElement(`${request}\n\n${text.slice(0, SHOWN_MAX)}`));
    } catch {
      place?.replaceChildren(element('p', 'text-bad', panel.dataset.noAnswer));
    }
  });
}
