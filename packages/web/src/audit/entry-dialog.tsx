import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { auditMessages } from './messages.ts';
import type { Entry } from './queries.ts';

/** Everything that is known of one entry. */
export function EntryDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const { number } = useMessages();
  const text = useText(auditMessages);
  const { sealed, ...record } = entry;
  return (
    <Dialog title={text.detailsTitle} onClose={onClose}>
      <div className="space-y-4">
        <CodeBlock label={text.detailsTitle} text={JSON.stringify(record, null, 2)} />
        <p className="text-sm text-soft">{sealed === null ? text.notSealed : text.sealedAs(number(sealed))}</p>
        <div className="flex justify-end">
          <Button onClick={onClose}>{text.close}</Button>
        </div>
      </div>
    </Dialog>
  );
}
