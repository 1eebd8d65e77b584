import { Section } from '../parts/frame.tsx';
import type { PageProps } from '../props.ts';

/** A page of law that somebody who knows it has to fill in, and that says so. */
export function LegalPage({ name, words }: PageProps) {
  const said = words.legal;
  const sections = said.pages[name as keyof typeof said.pages];
  return (
    <div className="max-w-prose">
      <h1 className="text-3xl sm:text-4xl">{words.pages[name].title}</h1>
      <div role="note" className="mt-6 space-y-1 rounded-xl border-2 border-wait bg-panel p-5">
        <p className="font-semibold text-wait">{said.draft}</p>
        <p>{said.draftNote}</p>
      </div>
      <p className="mt-4 text-sm text-soft">{said.updated}</p>
      {sections.map(([title, text], index) => (
        <Section key={title} id={`section-${index + 1}`} title={`${index + 1}. ${title}`}>
          <p>{text}</p>
        </Section>
      ))}
    </div>
  );
}
