/** One Lambda function as the program declares it, with its code already bundled. */
export interface FunctionSpec {
  readonly name: string;
  /** Unqualified: `arn:aws:lambda:<region>:<account>:function:<name>`. */
  readonly arn: string;
  /** An ES module built by esbuild (`.mjs`). */
  readonly bundlePath: string;
  /** The name of the export, such as `handler`. */
  readonly handler: string;
  /** The execution role; every call of the function is made with its credentials. */
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** A function with the hash of its code, so that a reload can tell what changed. */
export interface LoadedFunction extends FunctionSpec {
  /** Base64 SHA-256 of the bundle. */
  readonly codeSha256: string;
  readonly codeSizeBytes: number;
  /** Epoch milliseconds. */
  readonly loadedAt: number;
}
