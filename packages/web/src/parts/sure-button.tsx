import { useState } from 'react';
import { Button } from './button.tsx';

/** A button that asks once more before it does something. */
export function SureButton({
  label,
  sure: question,
  disabled = false,
  onSure,
}: {
  readonly label: string;
  readonly sure: string;
  readonly disabled?: boolean;
  readonly onSure: () => void;
}) {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      look={asked ? 'danger' : 'plain'}
      disabled={disabled}
      onClick={() => {
        setAsked(!asked);
        if (asked) onSure();
      }}
      onBlur={() => setAsked(false)}
    >
      {asked ? question : label}
    </Button>
  );
}
