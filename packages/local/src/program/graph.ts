/** What `sst.config.ts` declares for one stage, evaluated without a cloud account. All of it is plain JSON. */

/** One resource with its inputs as the program gave them and its state as AWS would answer. */
export interface GraphResource {
  readonly urn: string;
  /** Pulumi's type token, such as `aws:dynamodb/table:Table` or `sst:aws:Dynamo`. */
  readonly type: string;
  /** Logical name; unique per type. */
  readonly name: string;
  /** What AWS identifies it by: a table's name, a pool's id, a queue's URL. Empty for components. */
  readonly id: string;
  readonly arn?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
  /** URN of the component that it is part of. */
  readonly parent?: string;
}

/** One Lambda function, ready to be bundled and run. */
export interface GraphFunction {
  /** Physical name, stable between evaluations. */
  readonly name: string;
  /** Name of the component, such as `ApiKeys`. */
  readonly logicalName: string;
  readonly arn: string;
  /** `packages/functions/src/api/keys.handler` */
  readonly handler: string;
  /** Where `bundleFunctions` puts the module, relative to its output folder. */
  readonly bundlePath: string;
  /** Absolute path of the source file. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly roleName: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

export interface ResourceGraph {
  readonly stage: string;
  /** Sorted by URN. */
  readonly resources: readonly GraphResource[];
  /** Sorted by handler. */
  readonly functions: readonly GraphFunction[];
  /** What the program's `run` returned. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Every resource of a type, by its logical name. */
export function resourcesOfType(graph: ResourceGraph, type: string): readonly GraphResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** The one resource of this type and logical name. */
export function resourceNamed(graph: ResourceGraph, type: string, name: string): GraphResource {
  const found = graph.resources.find((resource) => resource.type === type && resource.name === name);
  if (!found) throw new Error(`The program declares no ${type} named ${name}.`);
  return found;
}
