import { offeredRoles } from '@tenantry/core/contract/choices';
import { useMessages } from '../messages/context.tsx';
import { Panel } from '../parts/panel.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { abilities } from './abilities.ts';

/** What each role may do, from the same table by which the API decides. */
export function AbilitiesPanel() {
  const { t } = useMessages();
  const { users } = t;
  return (
    <Panel title={users.abilitiesTitle}>
      <ScrollArea label={users.abilitiesTitle}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left">
              <th scope="col" className="py-2 pr-4 font-medium">
                {users.ability}
              </th>
              {offeredRoles.map((role) => (
                <th key={role} scope="col" className="px-2 py-2 text-center font-medium">
                  {users.roles[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {abilities.map(({ id, roles }) => (
              <tr key={id} className="border-b border-line last:border-0">
                <th scope="row" className="py-2 pr-4 text-left font-normal">
                  {users.abilities[id]}
                </th>
                {offeredRoles.map((role) => {
                  const may = roles.includes(role);
                  return (
                    <td key={role} className={`px-2 py-2 text-center ${may ? 'text-good' : 'text-soft'}`}>
                      <span aria-hidden="true">{may ? '✓' : '–'}</span>
                      <span className="sr-only">{may ? users.may : users.mayNot}</span>
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
