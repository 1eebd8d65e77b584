import { readChangelog } from '../changelog.ts';
import { Heading, Section } from '../parts/frame.tsx';
import type { PageProps } from '../props.ts';

export function ChangelogPage({ words, facts }: PageProps) {
  return (
    <>
      <Heading title={words.pages.changelog.title} lead={words.changelog.lead} />
      <div lang="en">
        {readChangelog(facts.changelog).map(({ title, groups }, index) => (
          <Section key={title} id={`release-${index}`} title={title}>
            {groups.map((group) => (
              <div key={group.title} className="space-y-2">
                <h3 className="text-lg">{group.title}</h3>
                <ul className="list-disc space-y-1 pl-5">
                  {group.entries.map((entry) => (
                    <li key={entry} className="max-w-prose">
                      {entry}
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </Section>
        ))}
      </div>
    </>
  );
}
