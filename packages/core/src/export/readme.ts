import type { Section } from './source.ts';

const WIDTH = 96;

/** Breaks a paragraph into lines. */
function wrapped(text: string, indent = ''): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}

/** The page that comes with every export and says in words what its files are. */
export function readmeText(
  export_: { readonly company: string; readonly exportId: string; readonly requestedAt: string },
  sections: readonly Section[],
): string {
  const { company, exportId, requestedAt } = export_;
  const files = sections.map(({ about, file }) => `${file(1)}\n${wrapped(about, '  ')}`);
  return [
    `Data of ${company}`,
    `Export ${exportId}, asked for at ${requestedAt} (UTC).`,
    wrapped(
      'These files hold what we keep of your company. What arrived while they were written may be in them or not. ' +
        'The links to them work for a few minutes and can be made anew for seven days; then the files are deleted.',
    ),
    files.join('\n\n'),
    `manifest.json\n${wrapped(
      'Every other file with its number of rows, its size in bytes and its SHA-256, to check that nothing is missing or was changed.',
      '  ',
    )}`,
    wrapped(
      'Files that end in .csv open in any spreadsheet program: values are separated by commas (RFC 4180), the text is UTF-8, times are UTC. ' +
        'Large tables are in several files, part-0001.csv, part-0002.csv and so on, each with the same header. ' +
        'A value that a spreadsheet program could take for a formula has an apostrophe before it; if you read the files with a program ' +
        'of your own, take one leading apostrophe off each value.',
    ),
    wrapped(
      'Not in here: the secrets of API keys, of which only fingerprints are stored; payment details and invoices, which the payment provider holds; ' +
        'and the second copy of your events that models are trained from.',
    ),
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}
