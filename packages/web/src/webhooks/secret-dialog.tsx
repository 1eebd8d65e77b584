import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { webhookMessages } from './messages.ts';

/** A signing secret, the one time that it is shown. */
export function SecretDialog({
  secret,
  replaces,
  onClose,
}: {
  readonly secret: string;
  /** Whether there was one before, which signs on for a while. */
  readonly replaces: boolean;
  readonly onClose: () => void;
}) {
  const text = useText(webhookMessages);
  return (
    <Dialog title={text.secretTitle} onClose={onClose}>
      <div className="space-y-4">
        <p className="text-soft">{text.secretText}</p>
        {replaces && <p className="text-soft">{text.secretOld}</p>}
        <CodeBlock label={text.secret} text={secret} />
        <div className="flex justify-end">
          <Button look="strong" onClick={onClose}>
            {text.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
