/** A part of the changelog: a release, and below it what was added, changed, fixed. */
export interface Release {
  readonly title: string;
  readonly groups: readonly { readonly title: string; readonly entries: readonly string[] }[];
}

/** Reads a file in the format of Keep a Changelog. Text before the first release is left out, and so is markup. */
export function readChangelog(markdown: string): readonly Release[] {
  const releases: { title: string; groups: { title: string; entries: string[] }[] }[] = [];
  for (const line of markdown.split('\n')) {
    const release = releases.at(-1);
    const group = release?.groups.at(-1);
    if (line.startsWith('## ')) releases.push({ title: plain(line.slice(3)), groups: [] });
    else if (line.startsWith('### ')) release?.groups.push({ title: plain(line.slice(4)), entries: [] });
    else if (line.startsWith('- ')) group?.entries.push(plain(line.slice(2)));
    else if (line.startsWith('  ') && group && group.entries.length > 0) {
      group.entries[group.entries.length - 1] += ` ${plain(line)}`;
    }
  }
  return releases;
}

const plain = (text: string): string =>
  text
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\[([^\]]*)\]/, '$1')
    .replace(/[`*]/g, '');
