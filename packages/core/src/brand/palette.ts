/** The colours of the product by day and by night: of the site, of mails, and of the pages on which people sign in. */
export const palette = {
  light: {
    page: '#f7f7f4',
    panel: '#ffffff',
    line: '#dcddd6',
    ink: '#1a1f1c',
    soft: '#56605a',
    accent: '#0f6b57',
    accentInk: '#ffffff',
    tint: '#e4f0ec',
    good: '#14703c',
    bad: '#b3261e',
    wait: '#8a5a00',
  },
  dark: {
    page: '#121614',
    panel: '#1a201d',
    line: '#343d38',
    ink: '#ecf1ee',
    soft: '#a7b3ac',
    accent: '#6fd3b8',
    accentInk: '#0b1a15',
    tint: '#1d3630',
    good: '#7bd79c',
    bad: '#ff9d94',
    wait: '#f0c36a',
  },
} as const;

export type Shade = keyof (typeof palette)['light'];
/** The colours of one of day and night. */
export type Shades = Readonly<Record<Shade, string>>;

/** The mark of the product, as the icon of the site has it. */
export const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><title>Tenantry</title><rect width="32" height="32" rx="8" fill="#0f6b57"/><path d="M8 11h16M16 11v12M11 23h10" stroke="#fff" stroke-width="3" stroke-linecap="round" fill="none"/></svg>';
