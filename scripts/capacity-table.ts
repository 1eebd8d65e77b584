import { capacityChecks, silosByDefault } from '@tenantry/core/provisioning/capacity';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import type { SiloCapacity } from '@tenantry/core/tier/tier';

/** The table of `docs/limits.md` that says how many silos fit, made from the checks that the onboarding makes. */

const marked = /(<!-- table:silos -->\n)[\s\S]*?(<!-- end:silos -->)/;

const tiers = Object.values(tierCatalogue).flatMap(({ title, silo }) =>
  silo ? [{ title, silo: silo as SiloCapacity }] : [],
);

function capacityTable(): string {
  const rows = capacityChecks.map((check) => [
    check.quota ? `${check.name} (\`${check.quota.quotaCode}\`)` : check.name,
    `${check.byDefault}${check.adjustable ? '' : ', fixed'}`,
    ...tiers.map(({ silo }) => `${silosByDefault(check, silo)} of ${check.needed(silo)} each`),
    check.whenReached,
  ]);
  const head = ['limit', "AWS's default", ...tiers.map(({ title }) => `silos, ${title} alone`), 'when it is reached'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The page with its table as it is now. @throws {Error} when the place for it is gone */
export function withCapacityTable(page: string): string {
  if (!marked.test(page)) throw new Error('The place of the table of silos is missing.');
  return page.replace(marked, (_, before: string, after: string) => `${before}${capacityTable()}\n${after}`);
}
