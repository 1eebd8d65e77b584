import { mark, palette, type Shades } from './palette.ts';

/** Cognito writes colours without a hash, and with how opaque they are. */
const opaque = (colour: string): string => `${colour.slice(1)}ff`;

/** A value of each theme, in the form of Cognito's settings. */
const inBoth = <T>(of: (shades: Shades) => T): { readonly lightMode: T; readonly darkMode: T } => ({
  lightMode: of(palette.light),
  darkMode: of(palette.dark),
});

const outlined = inBoth((shades) => {
  const look = (backgroundColor: string) => ({
    backgroundColor: opaque(backgroundColor),
    borderColor: opaque(shades.accent),
    textColor: opaque(shades.accent),
  });
  return { defaults: look(shades.panel), hover: look(shades.tint), active: look(shades.tint) };
});

const filled = inBoth(({ accent, accentInk }) => {
  const look = { backgroundColor: opaque(accent), textColor: opaque(accentInk) };
  return { defaults: look, hover: look, active: look };
});

/** The settings of Cognito's managed login, by which its pages look like the site. What they leave out is Cognito's own. */
export const managedLoginSettings = {
  categories: {
    global: {
      colorSchemeMode: 'DYNAMIC',
      pageHeader: { enabled: false },
      pageFooter: { enabled: false },
      spacingDensity: 'REGULAR',
    },
  },
  componentClasses: {
    buttons: { borderRadius: 8 },
    input: {
      borderRadius: 8,
      ...inBoth(({ panel, soft }) => ({
        defaults: { backgroundColor: opaque(panel), borderColor: opaque(soft) },
        placeholderColor: opaque(soft),
      })),
    },
    inputLabel: inBoth(({ ink }) => ({ textColor: opaque(ink) })),
    inputDescription: inBoth(({ soft }) => ({ textColor: opaque(soft) })),
    link: inBoth(({ accent, ink }) => ({
      defaults: { textColor: opaque(accent) },
      hover: { textColor: opaque(ink) },
    })),
    focusState: inBoth(({ accent }) => ({ borderColor: opaque(accent) })),
    divider: inBoth(({ line }) => ({ borderColor: opaque(line) })),
    optionControls: inBoth(({ panel, soft, accent, accentInk }) => ({
      defaults: { backgroundColor: opaque(panel), borderColor: opaque(soft) },
      selected: { backgroundColor: opaque(accent), foregroundColor: opaque(accentInk) },
    })),
  },
  components: {
    primaryButton: filled,
    secondaryButton: outlined,
    idpButton: { standard: outlined },
    form: {
      borderRadius: 12,
      backgroundImage: { enabled: false },
      logo: { enabled: true, location: 'START', position: 'TOP', formInclusion: 'IN' },
      ...inBoth(({ panel, line }) => ({ backgroundColor: opaque(panel), borderColor: opaque(line) })),
    },
    pageBackground: { image: { enabled: false }, ...inBoth(({ page }) => ({ color: opaque(page) })) },
    pageText: inBoth(({ ink, soft }) => ({
      headingColor: opaque(ink),
      bodyColor: opaque(ink),
      descriptionColor: opaque(soft),
    })),
    favicon: { enabledTypes: ['SVG'] },
  },
} as const;

/** The pictures that go with them. */
export const managedLoginAssets = (['FORM_LOGO', 'FAVICON_SVG'] as const).map((category) => ({
  category,
  colorMode: 'DYNAMIC',
  extension: 'SVG',
  bytes: Buffer.from(mark).toString('base64'),
}));
