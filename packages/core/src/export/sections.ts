import { accountSections } from './account-sections.ts';
import { readmeText } from './readme.ts';
import { recordSections } from './record-sections.ts';
import type { Section } from './source.ts';

const described: Readonly<Record<keyof typeof accountSections | keyof typeof recordSections, Section>> = {
  ...accountSections,
  ...recordSections,
};

/** Everything that an export holds beside its manifest, in the order in which it is written. */
export const sections = {
  readme: {
    about: 'What is what.',
    file: () => 'README.txt',
    read: async ({ tenant: { name }, exportId, requestedAt }) => ({
      body: readmeText({ company: name, exportId, requestedAt }, Object.values(described)),
      rows: null,
    }),
  },
  ...described,
} as const satisfies Record<string, Section>;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as [SectionName, ...SectionName[]];
