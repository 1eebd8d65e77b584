import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_REGION } from '../../aws/engine.ts';
import type { EksEngine } from '../../eks/engine.ts';
import { nodeNameOf } from '../controllers/scheduler.ts';
import type { KubernetesObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import type { ContainerRuntime, LocalImage, LogStream } from './container.ts';
import { containerEnvironment, ImagePullError } from './environment.ts';
import { type PodRunner, type Report, runPod } from './pod-runner.ts';
import { podStatus } from './pod-status.ts';
import { type PodView, podView } from './pod-view.ts';

export interface PodLogLine {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly stream: LogStream;
  readonly line: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface KubeletOptions {
  readonly dir: string;
  readonly clusterName: string;
  readonly store: Pick<Store, 'get' | 'list' | 'put' | 'remove' | 'subscribe'>;
  readonly runtime: ContainerRuntime;
  readonly eks: Pick<EksEngine, 'agent' | 'associationFor'>;
  /** By image name as it stands in the manifest, with or without its tag or digest. */
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Where AWS answers on this machine. */
  readonly awsEndpoint: () => string;
  readonly onPodLog: (line: PodLogLine) => void;
  readonly now: () => number;
  /** No container is given longer than this to end. */
  readonly graceMsMax: number;
  readonly backoffMs: { readonly first: number; readonly most: number };
}

export interface Kubelet {
  /** Where a pod answers, while it is ready. */
  readyPort(podUid: string): number | undefined;
  /** What runs in a namespace in place of its pods' image, which start over with it; `missing` cannot be pulled. */
  replaceImage(namespace: string, image: LocalImage | 'missing' | undefined): void;
  close(): Promise<void>;
}

/** A pod that goes is left alone for the time that it asks for, but no longer than requests take that were led to it just before. */
const drainMsMax = 200;

/** The exit code of a process that was killed. */
const KILLED = 137;

/** The image as a container with arguments of its own runs it. */
function withArguments(image: LocalImage, args: readonly string[]): LocalImage {
  const { program } = image;
  if (!program || args.length === 0) return image;
  const { inImage, here } = program.folder;
  const found = args.map((one) => (one.startsWith(inImage) ? here + one.slice(inImage.length) : one));
  return { ...image, command: [program.entrypoint, ...found] };
}

const withoutVersion = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]+$/, '');

/** Runs every pod of the cluster that has a node on this machine. */
export function startKubelet(options: KubeletOptions): Kubelet {
  const { store, eks } = options;
  const runners = new Map<string, { readonly runner: PodRunner; readonly namespace: string; gone?: Promise<void> }>();
  const replaced = new Map<string, LocalImage | 'missing'>();
  const tokenDir = join(options.dir, 'pods');
  let closing = false;

  /**
   * As EKS does it: only a pod that is created while its service account has an association gets credentials.
   * @returns the file that holds the pod's token
   */
  function identify(pod: PodView): string | undefined {
    if (!eks.associationFor(options.clusterName, pod.namespace, pod.serviceAccountName)) return undefined;
    const token = eks.agent.issue({
      clusterName: options.clusterName,
      namespace: pod.namespace,
      serviceAccount: pod.serviceAccountName,
      podName: pod.name,
      podUid: pod.uid,
    });
    mkdirSync(tokenDir, { recursive: true, mode: 0o700 });
    const file = join(tokenDir, `${pod.uid}.token`);
    // The folder is its owner's alone; in a container, another user reads the file.
    writeFileSync(file, token, { mode: 0o644 });
    return file;
  }

  function forget(uid: string): void {
    eks.agent.revoke(uid);
    rmSync(join(tokenDir, `${uid}.token`), { force: true });
  }

  function imageOf(namespace: string, name: string): LocalImage {
    const image = replaced.get(namespace) ?? options.images[name] ?? options.images[withoutVersion(name)];
    if (!image || image === 'missing') throw new ImagePullError(`no command is known for the image ${name}`);
    return image;
  }

  function start(object: KubernetesObject): void {
    const pod = podView(object);
    const { namespace, name, container } = pod;
    const onLog = (stream: LogStream, line: string): void =>
      options.onPodLog({ namespace, pod: name, container: container.name, stream, line, time: options.now() });
    const runner = runPod({
      pod,
      backoffMs: options.backoffMs,
      start(port) {
        const image = withArguments(imageOf(pod.namespace, container.image), container.args);
        const tokenFile = identify(pod);
        const node = {
          ...(tokenFile === undefined ? {} : { AWS_CONTAINER_CREDENTIALS_FULL_URI: eks.agent.credentialsUrl }),
          AWS_ENDPOINT_URL: options.awsEndpoint(),
          AWS_REGION: LOCAL_REGION,
          AWS_DEFAULT_REGION: LOCAL_REGION,
          // There is no instance to ask, and asking would take seconds.
          AWS_EC2_METADATA_DISABLED: 'true',
          PORT: String(port),
        };
        const environment = containerEnvironment(store, pod, node);
        return options.runtime.start({ pod: object, image, environment, tokenFile, onLog });
      },
      onReport(report) {
        const current = store.get('Pod', pod.namespace, pod.name);
        if (current?.metadata.uid !== pod.uid) return;
        store.put({ ...current, status: podStatus(current, container.image, container.name, report, options.now()) });
      },
      onLog,
    });
    runners.set(pod.uid, { runner, namespace: pod.namespace });
  }

  async function stop(object: KubernetesObject): Promise<void> {
    const { uid, namespace, name } = object.metadata;
    const { graceSeconds, container } = podView(object);
    const drainSeconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    await runners.get(uid)?.runner.stop({
      drainMs: Math.min(drainSeconds * 1000, drainMsMax),
      graceMs: Math.min(graceSeconds * 1000, options.graceMsMax),
    });
    runners.delete(uid);
    forget(uid);
    const current = store.get('Pod', namespace, name);
    if (!closing && current?.metadata.uid === uid) store.remove(current);
  }

  function follow(object: KubernetesObject): void {
    const { uid, deletionTimestamp } = object.metadata;
    const known = runners.get(uid);
    if (deletionTimestamp === undefined) {
      if (!known && nodeNameOf(object) !== undefined && !podView(object).ended) start(object);
      return;
    }
    if (!known) void stop(object);
    else known.gone ??= stop(object);
  }

  function endLost(object: KubernetesObject): void {
    const known = runners.get(object.metadata.uid);
    if (known) known.gone ??= stop(object);
  }

  const end = store.subscribe(({ type, object }) => {
    // Not within the change that it is told of: others are still to hear of that one.
    if (object.kind !== 'Pod' || closing) return;
    if (type !== 'DELETED') setImmediate(() => !closing && follow(object));
    // It was taken away by force, without being asked to end.
    else endLost(object);
  });
  // The processes of an earlier run ended with it; their pods start over, but for those that may run once only.
  for (const pod of store.list('Pod').items) {
    const view = podView(pod);
    const once = view.restartPolicy === 'Never' && view.running;
    const report: Report = {
      state: once ? { kind: 'terminated', exitCode: KILLED } : { kind: 'waiting', reason: 'ContainerCreating' },
      restartCount: view.restartCount + (once ? 0 : 1),
      lastExitCode: undefined,
    };
    if (view.stopping) void stop(pod);
    else if (view.ended) continue;
    else if (nodeNameOf(pod) !== undefined)
      store.put({ ...pod, status: podStatus(pod, view.container.image, view.container.name, report, options.now()) });
  }

  return {
    readyPort: (uid) => runners.get(uid)?.runner.readyPort,
    replaceImage(namespace, image) {
      if (image === undefined) replaced.delete(namespace);
      else replaced.set(namespace, image);
      for (const one of runners.values()) if (one.namespace === namespace) one.runner.restart();
    },
    async close() {
      closing = true;
      end();
      await Promise.all(
        [...runners.values()].map(({ runner }) => runner.stop({ drainMs: 0, graceMs: options.graceMsMax })),
      );
      for (const uid of runners.keys()) forget(uid);
      await options.runtime.close();
    },
  };
}
