import { type Client, init } from '@tenantry/sdk';
import { codeElement, element, readable } from './element.ts';

const CALLS_MAX = 20;

const form = document.querySelector<HTMLFormElement>('[data-try-sdk]');
if (form) start(form);

function start(form: HTMLFormElement): void {
  const part = <T extends HTMLElement>(selector: string): T => {
    const found = form.querySelector<T>(selector);
    if (!found) throw new Error(`The form lacks ${selector}.`);
    return found;
  };
  const value = (name: string): string => part<HTMLInputElement>(`[name="${name}"]`).value.trim();
  const said = part('[data-said]');
  const list = part('[data-calls]');
  let client: Client | undefined;

  /** Shows a call and its answer, the newest first. */
  function show(call: string, answer: string): void {
    part('[data-none]').hidden = true;
    const entry = element('li', 'space-y-1');
    entry.append(codeElement(call), codeElement(answer));
    list.prepend(entry);
    while (list.children.length > CALLS_MAX) list.lastElementChild?.remove();
  }

  /** The network as the SDK uses it, with a look at what goes over it. The key is not shown again. */
  const watched: typeof fetch = async (input, options) => {
    const call = `POST ${new URL(String(input)).pathname}\n${readable(String(options?.body))}`;
    try {
      const response = await fetch(input, options);
      show(call, `${response.status}\n${readable(await response.clone().text())}`);
      return response;
    } catch (error) {
      show(call, String(error));
      throw error;
    }
  };

  const does = {
    start() {
      client?.close();
      client = undefined;
      const key = value('key');
      const good = /^pk_\S+$/.test(key);
      if (good) {
        client = init({ key, url: location.origin, shopperId: value('shopper'), waitMs: 0, fetch: watched });
      }
      said.textContent = (good ? said.dataset.started : said.dataset.badKey) ?? '';
      for (const name of ['track', 'recommend']) part<HTMLButtonElement>(`[data-do="${name}"]`).disabled = !good;
    },
    track() {
      const type = value('type');
      if (type !== 'view' && type !== 'cart' && type !== 'purchase') return;
      client?.track({ itemId: value('item'), type, shopperId: value('shopper') });
    },
    recommend() {
      // What was refused is shown as the answer that it was.
      client?.recommend({ shopperId: value('shopper'), limit: 5 }).catch(() => undefined);
    },
  };

  for (const [name, act] of Object.entries(does)) part(`[data-do="${name}"]`).addEventListener('click', act);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
}
