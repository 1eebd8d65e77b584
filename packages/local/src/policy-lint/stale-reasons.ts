import type { ResourceGraph } from '../program/graph.ts';
import type { Finding, Reasons, Rule } from './lint.ts';
import { lint } from './lint.ts';

/** Reasons that stand for nothing in any of the stages: what they allowed is gone, and so must they be. */
export function staleReasons(
  rules: readonly Rule[],
  graphs: readonly ResourceGraph[],
  reasons: Reasons,
): readonly Finding[] {
  const findings = (without: Reasons) =>
    graphs.reduce((sum, graph) => sum + lint(rules, { graph, reasons: without }).length, 0);
  const all = findings(reasons);
  const stale = (what: string, without: Reasons): readonly Finding[] =>
    findings(without) > all ? [] : [{ rule: 'stale-reason', resource: what, problem: 'nothing needs it: take it out' }];
  const omit = (record: Readonly<Record<string, string>>, name: string) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  return [
    ...reasons.wildcards.flatMap((entry) =>
      entry.actions.flatMap((action) => {
        const narrower = { ...entry, actions: entry.actions.filter((other) => other !== action) };
        const wildcards = reasons.wildcards.map((other) => (other === entry ? narrower : other));
        return stale(`${action} on ${entry.resource}`, { ...reasons, wildcards });
      }),
    ),
    ...Object.entries(reasons.managedPolicies).flatMap(([role, policies]) =>
      policies.flatMap((policy) =>
        stale(`${policy} of ${role}`, {
          ...reasons,
          managedPolicies: { ...reasons.managedPolicies, [role]: policies.filter((other) => other !== policy) },
        }),
      ),
    ),
    ...Object.keys(reasons.exposures).flatMap((name) =>
      stale(name, { ...reasons, exposures: omit(reasons.exposures, name) }),
    ),
    ...Object.keys(reasons.secretVariables).flatMap((name) =>
      stale(name, { ...reasons, secretVariables: omit(reasons.secretVariables, name) }),
    ),
  ];
}
