// Keeps a page current: reloads its contents where it asks for that, and follows the log.

const main = document.querySelector('main');
const interval = Number(main?.dataset.refresh ?? 0);

/** True while replacing the contents would take something away from the reader. */
function isReading() {
  const selected = document.getSelection()?.toString() !== '';
  const focused = main.contains(document.activeElement) && document.activeElement !== main;
  return document.hidden || selected || focused || main.querySelector('details[open]') !== null;
}

async function refresh() {
  if (!isReading()) {
    const response = await fetch(location.href).catch(() => undefined);
    if (response?.ok) {
      const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
      if (next !== null && !isReading()) main.replaceChildren(...next.childNodes);
      if (next?.dataset.refresh === undefined) return;
    }
  }
  setTimeout(refresh, interval);
}

if (interval > 0) setTimeout(refresh, interval);

const log = document.querySelector('#log');
const follow = document.querySelector('#follow');
const LINES_MAX = 2000;

if (log !== null && follow !== null) {
  const scrollToEnd = () => {
    log.scrollTop = log.scrollHeight;
  };
  scrollToEnd();
  let source;
  const start = () => {
    source = new EventSource(`/logs/tail${location.search}`);
    source.addEventListener('message', (event) => {
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      document.querySelector('.empty')?.remove();
      log.insertAdjacentHTML('beforeend', JSON.parse(event.data).html);
      while (log.childElementCount > LINES_MAX) log.firstElementChild.remove();
      if (atEnd) scrollToEnd();
    });
  };
  start();
  follow.addEventListener('change', () => {
    if (follow.checked) start();
    else source.close();
  });
}
