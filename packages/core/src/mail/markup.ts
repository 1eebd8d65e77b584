/** Text that is HTML already. Everything else that goes into a template is escaped. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Part = Markup | string | number | undefined | readonly Markup[];

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'object') return part.map(({ html }) => html).join('\n');
  return escapeHtml(String(part));
}

/** A template whose values are escaped, whoever they come from. Lists of markup are joined, nothing is left out. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.reduce((html, string, index) => html + render(parts[index - 1]) + string));
