import type { Grant } from './grant.ts';
import type { JudgedGrant, LeastPrivilegeReport } from './report.ts';

const word = ({ used, reason }: JudgedGrant): string => (used ? 'used' : reason ? 'explained' : 'UNUSED');

/** Just the end of an ARN, which tells resources of one account apart. */
const short = (resource: string): string => resource.replace(/^arn:aws:[a-z0-9-]+:[^:]*:[^:]*:/, '');

/** Every grant, a section per role, and below it what the role may do by assuming others. */
export function renderTable({ grants, shared }: LeastPrivilegeReport): string {
  const roles = [...new Set(grants.map(({ role }) => role))].sort();
  const width = Math.max(...grants.map(({ action }) => action.length));
  const row = (verdict: string, { action, resource, leadingKey }: Grant): string =>
    `${verdict.padEnd(9)} ${action.padEnd(width)} ${short(resource)}${leadingKey ? ` for ${leadingKey}` : ''}`;
  return roles
    .map((role) => {
      const own = grants.filter((grant) => grant.role === role).map((grant) => `  ${row(word(grant), grant)}`);
      const others = shared
        .filter(({ taker }) => taker === role)
        .map(({ grant, used }) => `    by ${grant.role}: ${row(used ? 'used' : 'never', grant)}`);
      return [role, ...own, ...others, ''].join('\n');
    })
    .join('\n');
}

/** One line of numbers, and a line for each failure. */
export function renderSummary({ grants, shared, attempts, failures }: LeastPrivilegeReport): string {
  const count = (wanted: string): number => grants.filter((grant) => word(grant) === wanted).length;
  const numbers =
    `Least privilege: ${grants.length} grants, ${count('used')} used, ${count('explained')} unused with a reason, ` +
    `${count('UNUSED')} unused; by assuming other roles ${shared.length}, ${shared.filter(({ used }) => used).length} used; ` +
    `${attempts} attempts of tests denied`;
  return [numbers, ...failures.map((failure) => `- ${failure}`)].join('\n');
}
