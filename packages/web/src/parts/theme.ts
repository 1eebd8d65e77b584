import { useEffect, useState } from 'react';

export type Theme = 'light' | 'dark';
const STORED = 'tenantry.theme';

const firstTheme = (): Theme => {
  const stored = localStorage.getItem(STORED);
  if (stored === 'light' || stored === 'dark') return stored;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
};

/** The theme that was chosen, else the system's. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(firstTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [
    theme,
    (chosen) => {
      localStorage.setItem(STORED, chosen);
      setTheme(chosen);
    },
  ];
}
