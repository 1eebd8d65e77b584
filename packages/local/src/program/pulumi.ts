/** The small part of `@pulumi/pulumi` that the evaluator calls. The SDK itself comes with SST's platform folder. */

export interface MockResourceArgs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly custom?: boolean;
  readonly id?: string;
}

interface RegisterRequest {
  getParent(): string;
  getType(): string;
  getName(): string;
}

export interface MockMonitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterRequest, callback: unknown): unknown;
}

export interface Pulumi {
  readonly runtime: {
    setMocks(
      mocks: {
        newResource(args: MockResourceArgs): { id: string; state: Readonly<Record<string, unknown>> };
        call(args: {
          readonly token: string;
          readonly inputs: Readonly<Record<string, unknown>>;
        }): Record<string, unknown>;
      },
      project: string,
      stack: string,
      preview: boolean,
    ): Promise<void>;
    getMonitor(): unknown;
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
  };
}

/** What `sst.config.ts` exports. */
export interface ProgramConfig {
  app(input: { readonly stage: string }): AppDefinition | Promise<AppDefinition>;
  run(): Promise<unknown>;
}

export interface AppDefinition {
  readonly name: string;
  readonly removal?: string;
  readonly protect?: boolean;
  readonly providers?: Readonly<Record<string, unknown>>;
}

/** The compiled program. */
export interface Program {
  readonly config: ProgramConfig;
  readonly pulumi: Pulumi;
  readonly run: (program: () => Promise<unknown>) => Promise<unknown>;
}
