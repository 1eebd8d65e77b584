import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dark, light } from '../mail/letter-look.ts';
import { managedLoginAssets, managedLoginSettings } from './managed-login.ts';
import { mark, palette, type Shade } from './palette.ts';

const web = new URL('../../../web/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, web), 'utf8');
const shades = Object.keys(palette.light) as Shade[];

it('the site has the colours of the brand, by day and by night, and its mark', () => {
  const theme = read('src/theme.css');
  for (const shade of shades) {
    const name = shade.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(theme).toContain(`--${name}: light-dark(${palette.light[shade]}, ${palette.dark[shade]});`);
  }
  expect(read('public/icon.svg').trim()).toBe(mark);
});

it('mails have them too', () => {
  expect(light).toMatchObject({ page: palette.light.page, accent: palette.light.accent });
  expect(dark).toMatchObject({ panel: palette.dark.panel, accent: palette.dark.accent });
});

/** All texts of a tree of settings. */
const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];

it('the pages on which people sign in have them, written as Cognito writes colours', () => {
  const colours = textsOf(managedLoginSettings).filter((text) => !/^[A-Z]+$/.test(text));
  const ofBrand = new Set(shades.flatMap((shade) => [palette.light[shade], palette.dark[shade]]));
  expect(colours.length).toBeGreaterThan(40);
  for (const colour of colours) {
    expect(colour).toMatch(/^[0-9a-f]{6}ff$/);
    expect(ofBrand).toContain(`#${colour.slice(0, 6)}`);
  }
  expect(managedLoginSettings.components.primaryButton.lightMode.defaults.backgroundColor).toBe('0f6b57ff');
  expect(managedLoginAssets.map(({ bytes }) => Buffer.from(bytes, 'base64').toString())).toEqual([mark, mark]);
});
