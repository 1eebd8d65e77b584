const DEADLINE_MS = 10_000;

/** Asks each component whether it answers, and says so. */
async function ask(entry: HTMLElement, words: DOMStringMap): Promise<void> {
  const state = entry.querySelector<HTMLElement>('[data-state]');
  if (!state) return;
  state.textContent = words.checking ?? '';
  const began = performance.now();
  const up = await fetch(entry.dataset.probe ?? '/', {
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
  state.className = up ? 'font-semibold text-good' : 'font-semibold text-bad';
  state.textContent = up ? `${words.up} (${Math.round(performance.now() - began)} ms)` : (words.down ?? '');
}

for (const list of document.querySelectorAll<HTMLElement>('[data-up]')) {
  for (const entry of list.querySelectorAll<HTMLElement>('[data-probe]')) void ask(entry, list.dataset);
}
