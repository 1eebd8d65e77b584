import { announcementBlocks, type Span } from '@tenantry/core/contract/announcement-blocks';
import type { Language } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { announcementsMessages } from './messages.ts';

function Spans({ spans }: { readonly spans: readonly Span[] }) {
  return spans.map(({ text, bold, href }, index) => {
    const key = `${index} ${text}`;
    if (href !== undefined) {
      return (
        <a key={key} href={href} rel="noreferrer" target="_blank" className="text-accent underline underline-offset-4">
          {text}
        </a>
      );
    }
    return bold ? <strong key={key}>{text}</strong> : <span key={key}>{text}</span>;
  });
}

/** What the mail will say, read by the same rules as the mail itself. */
export function Preview({
  subject,
  body,
  language,
}: {
  readonly subject: string;
  readonly body: string;
  readonly language: Language;
}) {
  const text = useText(announcementsMessages);
  const blocks = announcementBlocks(body);
  return (
    <section
      aria-label={text.preview}
      lang={language}
      className="rounded-lg border border-line bg-page p-5 wrap-anywhere"
    >
      {subject === '' && blocks.length === 0 && <p className="text-soft">{text.previewEmpty}</p>}
      {subject !== '' && <p className="mb-3 text-lg font-bold">{subject}</p>}
      {blocks.map((block, index) => {
        const key = `${index} ${block.kind}`;
        if (block.kind === 'rich') {
          return (
            <p key={key} className="mb-3">
              <Spans spans={block.spans} />
            </p>
          );
        }
        return (
          <ul key={key} className="mb-3 list-disc pl-6">
            {block.items.map((spans, place) => {
              const itemKey = `${place} ${spans[0]?.text ?? ''}`;
              return (
                <li key={itemKey}>
                  <Spans spans={spans} />
                </li>
              );
            })}
          </ul>
        );
      })}
    </section>
  );
}
