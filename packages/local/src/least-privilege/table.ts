import type { JudgedGrant, LeastPrivilegeReport } from './report.ts';

const word = ({ used, reason }: JudgedGrant): string => (used ? 'used' : reason ? 'explained' : 'UNUSED');

/** Just the end of an ARN, which tells resources of one account apart. */
const short = (resource: string): string => resource.replace(/^arn:aws:[a-z0-9-]+:[^:]*:[^:]*:/, '');

/** Every grant, a section per role. */
export function renderTable({ grants }: LeastPrivilegeReport): string {
  const roles = [...new Set(grants.map(({ role }) => role))].sort();
  const width = Math.max(...grants.map(({ action }) => action.length));
  return roles
    .map((role) => {
      const rows = grants
        .filter((grant) => grant.role === role)
        .map((grant) => {
          const keys = grant.leadingKey ? ` for ${grant.leadingKey}` : '';
          return `  ${word(grant).padEnd(9)} ${grant.action.padEnd(width)} ${short(grant.resource)}${keys}`;
        });
      return `${role}\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

/** One line of numbers, and a line for each failure. */
export function renderSummary({ grants, attempts, failures }: LeastPrivilegeReport): string {
  const count = (wanted: string): number => grants.filter((grant) => word(grant) === wanted).length;
  const numbers =
    `Least privilege: ${grants.length} grants, ${count('used')} used, ${count('explained')} unused with a reason, ` +
    `${count('UNUSED')} unused; ${attempts} attempts of tests denied`;
  return [numbers, ...failures.map((failure) => `- ${failure}`)].join('\n');
}
