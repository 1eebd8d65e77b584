import '../public.css';

const THEME = 'tenantry.theme';
const LANGUAGE = 'tenantry.language';

/** The browser's storage, which it may refuse. */
const stored = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const store = (name: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // What cannot be kept is chosen again the next time.
  }
};

function showTheme(theme: string | null): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

showTheme(stored(THEME));
// The console goes on in the language that was read here.
store(LANGUAGE, document.documentElement.lang);

const choice = document.querySelector<HTMLElement>('[data-theme-choice]');
const select = choice?.querySelector('select');
if (choice && select) {
  choice.hidden = false;
  select.value = stored(THEME) ?? 'system';
  select.addEventListener('change', () => {
    const theme = select.value === 'system' ? null : select.value;
    store(THEME, theme);
    showTheme(theme);
  });
}
