import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { When } from '../parts/when.tsx';
import { companiesMessages } from './messages.ts';

type Health = CallOutput<'listTenants'>['tenants'][number]['health'];

const tones: Readonly<Record<Health['grade'], Tone>> = {
  failing: 'bad',
  quiet: 'wait',
  well: 'good',
  unknown: 'neutral',
};

/** How a company is, with what tells so: its last event, its errors, and a training that failed. */
export function HealthCell({ health }: { readonly health: Health }) {
  const { number } = useMessages();
  const text = useText(companiesMessages);
  const { grade, lastEventAt, errorShare, training } = health;
  return (
    <span className="flex flex-col items-start gap-1">
      <Badge tone={tones[grade]}>{text.grades[grade]}</Badge>
      <span className="text-xs text-soft">
        {lastEventAt && (
          <>
            {text.lastEvent} <When at={lastEventAt} />
          </>
        )}
        {errorShare !== null && errorShare > 0 && (
          <span className="block">{text.errors(number(Math.round(errorShare * 1000) / 10))}</span>
        )}
        {training && training.status !== 'succeeded' && (
          <span className="block">{text.trainings[training.status]}</span>
        )}
      </span>
    </span>
  );
}
