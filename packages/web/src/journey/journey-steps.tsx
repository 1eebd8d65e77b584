import { Check } from 'lucide-react';
import { useText } from '../messages/define.ts';
import { journeyMessages } from './messages.ts';

const stops = ['company', 'payment', 'setup', 'connect'] as const;
export type Stop = (typeof stops)[number];

/** Where somebody is on the way from registering to the first recommendation. */
export function JourneySteps({ at }: { readonly at: Stop }) {
  const text = useText(journeyMessages);
  const place = stops.indexOf(at);
  return (
    <nav aria-label={text.label} className="mb-8">
      <ol className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {stops.map((stop, index) => {
          const passed = index < place;
          return (
            <li
              key={stop}
              aria-current={stop === at ? 'step' : undefined}
              className={`flex items-center gap-2 ${stop === at ? 'font-medium' : 'text-soft'}`}
            >
              <span
                aria-hidden="true"
                className={`grid size-6 place-items-center rounded-full text-xs ${index <= place ? 'bg-accent text-accent-ink' : 'bg-tint'}`}
              >
                {passed ? <Check className="size-3.5" /> : index + 1}
              </span>
              {text.stops[stop]}
              {passed && <span className="sr-only">({text.passed})</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
