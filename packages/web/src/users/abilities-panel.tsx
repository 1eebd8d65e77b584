import { offeredRoles } from '@tenantry/core/contract/choices';
import { useText } from '../messages/define.ts';
import { Panel } from '../parts/panel.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { abilities } from './abilities.ts';
import { usersMessages } from './messages.ts';

/** What each role may do, from the same table by which the API decides. */
export function AbilitiesPanel() {
  const text = useText(usersMessages);
  return (
    <Panel title={text.abilitiesTitle}>
      <ScrollArea label={text.abilitiesTitle}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left">
              <th scope="col" className="py-2 pr-4 font-medium">
                {text.ability}
              </th>
              {offeredRoles.map((role) => (
                <th key={role} scope="col" className="px-2 py-2 text-center font-medium">
                  {text.roles[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {abilities.map(({ id, roles }) => (
              <tr key={id} className="border-b border-line last:border-0">
                <th scope="row" className="py-2 pr-4 text-left font-normal">
                  {text.abilities[id]}
                </th>
                {offeredRoles.map((role) => {
                  const may = roles.includes(role);
                  return (
                    <td key={role} className={`px-2 py-2 text-center ${may ? 'text-good' : 'text-soft'}`}>
                      <span aria-hidden="true">{may ? '✓' : '–'}</span>
                      <span className="sr-only">{may ? text.may : text.mayNot}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Panel>
  );
}
