import type { KubernetesObject } from '../object.ts';

export type LogStream = 'stdout' | 'stderr';

/** What stands for a container image on this machine. */
export interface LocalImage {
  /** The command that runs the same program as a process. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** What runs in place of the command when a container states arguments of its own; without it they are passed over. */
  readonly program?: {
    readonly entrypoint: string;
    /** Where a folder of the image lies on this machine. */
    readonly folder: { readonly inImage: string; readonly here: string };
  };
  /** The image that runs where containers are real, and what to start in it instead of its own command. */
  readonly container?: { readonly image: string; readonly args?: readonly string[] };
}

export interface ContainerProcess {
  /** Its exit code; 128 and the signal's number when a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end and, after the grace period, ends it with everything it started. */
  stop(graceMs: number): void;
}

export interface ContainerRequest {
  /** As the cluster holds it. */
  readonly pod: KubernetesObject;
  readonly image: LocalImage;
  /** The pod's variables and the node's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Holds the pod's token for the Pod Identity agent; undefined for a pod without an identity. */
  readonly tokenFile: string | undefined;
  readonly onLog: (stream: LogStream, line: string) => void;
}

/** What runs containers. Each shares the network of this machine, and listens on the port in its variable `PORT`. */
export interface ContainerRuntime {
  start(request: ContainerRequest): ContainerProcess;
  /** Ends what is left of the runtime itself. */
  close(): Promise<void>;
}

/** Longer lines are cut: a log is not a channel for bulk data. */
const lineMax = 16_384;

/** Cuts a stream of bytes into lines. */
export function eachLine(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, lineMax);
      for (const line of lines) onLine(line.slice(0, lineMax));
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
