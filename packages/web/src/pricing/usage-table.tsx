import { useMessages } from '../messages/context.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import type { PriceChoice } from './price-choice.tsx';
import type { TierView } from './tier-facts.tsx';

type MeterName = keyof TierView['usage'];

/** For how many units a price is readable. */
const priced: Readonly<Record<MeterName, number>> = {
  events_collected: 1_000_000,
  recommendations_served: 1_000_000,
  silo_hours: 1,
  training_minutes: 1,
  storage_gb_hours: 1000,
};

/** By meter and tier: what the price includes, and what more of it costs. */
export function UsageTable({ tiers, choice }: { readonly tiers: readonly TierView[]; readonly choice: PriceChoice }) {
  const { t, number, money } = useMessages();
  const { interval, currency } = choice;
  return (
    <section aria-labelledby="included" className="space-y-4">
      <h2 id="included" className="text-2xl">
        {t.includedTitle[interval]}
      </h2>
      <ScrollArea label={t.includedTitle[interval]}>
        <table className="w-full min-w-2xl text-left text-sm">
          <thead>
            <tr className="border-b border-line">
              <th scope="col" className="py-3 pr-4 font-medium">
                {t.usageMeter}
              </th>
              {tiers.map(({ name, title }) => (
                <th key={name} scope="col" className="py-3 pr-4 font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(Object.keys(priced) as MeterName[]).map((meter) => (
              <tr key={meter} className="border-b border-line align-top">
                <th scope="row" className="py-3 pr-4 font-normal">
                  {t.meters[meter]}
                </th>
                {tiers.map(({ name, usage }) => {
                  const { included, overage } = usage[meter];
                  const each = Number(overage[currency]);
                  return (
                    <td key={name} className="py-3 pr-4">
                      {included[interval] === 0 && each === 0 ? (
                        '–'
                      ) : (
                        <>
                          {number(included[interval])}
                          <span className="block text-soft">
                            {t.overage(money(each * priced[meter], currency), number(priced[meter]))}
                          </span>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  );
}
