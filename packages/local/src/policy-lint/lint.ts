import type { ResourceGraph } from '../program/graph.ts';

/** Something that a rule refuses. */
export interface Finding {
  readonly rule: string;
  /** Logical name of the resource. */
  readonly resource: string;
  /** What is wrong, and so what would mend it, in a sentence. */
  readonly problem: string;
}

/** What is allowed all the same, with the reason. A reason that nothing needs is a finding too. */
export interface Reasons {
  readonly wildcards: readonly {
    readonly actions: readonly string[];
    readonly resource: RegExp;
    readonly reason: string;
  }[];
  /** AWS's own policies by the role that they are attached to. */
  readonly managedPolicies: Readonly<Record<string, readonly string[]>>;
  /** Ways in from outside, such as a public endpoint, by the resource. */
  readonly exposures: Readonly<Record<string, string>>;
  /** Environment variables that hold a secret, by name. */
  readonly secretVariables: Readonly<Record<string, string>>;
}

export interface LintInput {
  readonly graph: ResourceGraph;
  readonly reasons: Reasons;
}

export interface Rule {
  readonly name: string;
  /** What it refuses, in a sentence. */
  readonly refuses: string;
  readonly check: (input: LintInput) => readonly Omit<Finding, 'rule'>[];
}

/** Everything that the rules refuse in an evaluated program. */
export const lint = (rules: readonly Rule[], input: LintInput): readonly Finding[] =>
  rules.flatMap(({ name, check }) => check(input).map((finding) => ({ rule: name, ...finding })));
