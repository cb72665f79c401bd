import { useState } from 'preact/hooks';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const NAMES: Readonly<Record<Theme, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' };
const KEY = 'selfheal-theme';

/** Light, dark, or as the system has it. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(remembered);
  apply(theme);
  return (
    <fieldset class="choice theme">
      <legend class="hidden">Colours of the page</legend>
      {THEMES.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="theme"
            value={name}
            checked={theme === name}
            onChange={() => {
              keep(name);
              setTheme(name);
            }}
          />
          <span>{NAMES[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** A browser may refuse a file its storage. */
function remembered(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It is asked again the next time.
  }
}
