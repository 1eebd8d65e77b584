import { session } from '../app.ts';
import { languages, useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { useTheme } from '../parts/theme.ts';
import { useLanguageChoice } from './language-choice.ts';

const selectClass = 'min-h-10 rounded-lg border border-line bg-panel px-2 text-sm';

/** Language, theme, and signing in or out: the same on every page. */
export function Preferences() {
  const { t, language } = useMessages();
  const choose = useLanguageChoice();
  const [theme, setTheme] = useTheme();
  return (
    <>
      <select
        aria-label={t.language}
        value={language}
        onChange={(event) => choose(event.target.value === 'ko' ? 'ko' : 'en')}
        className={selectClass}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label={t.theme}
        value={theme}
        onChange={(event) => setTheme(event.target.value === 'dark' ? 'dark' : 'light')}
        className={selectClass}
      >
        <option value="light">{t.themeLight}</option>
        <option value="dark">{t.themeDark}</option>
      </select>
      {session.signedIn() ? (
        <>
          <a href="/account" className="px-2 py-2 text-soft underline-offset-4 hover:underline">
            {t.account}
          </a>
          <Button onClick={() => session.end()}>{t.signOut}</Button>
        </>
      ) : (
        <Button onClick={() => session.ask('/console')}>{t.signIn}</Button>
      )}
    </>
  );
}
