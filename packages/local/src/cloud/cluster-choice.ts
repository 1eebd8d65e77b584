type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of a shell that choose what silos run on, without the rest of it. */
export const clusterVariables = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('TENANTRY_')));

/** What runs pods on this machine. */
export type PodsChoice =
  | { readonly kind: 'process' }
  | {
      readonly kind: 'podman';
      /** The image that the recommender's starts from, where it is not the Dockerfile's own. */
      readonly runtimeImage: string | undefined;
    };

/**
 * What runs pods, by the variables of this shell: `TENANTRY_PODS=podman` makes them containers; without it they are processes.
 * @throws {Error} for another value
 */
export function podsChoice(environment: Environment): PodsChoice {
  const { TENANTRY_PODS: pods = 'process', TENANTRY_RUNTIME_IMAGE: runtimeImage } = environment;
  if (pods === 'process') return { kind: 'process' };
  if (pods === 'podman') return { kind: 'podman', runtimeImage: runtimeImage || undefined };
  throw new Error(`TENANTRY_PODS must be "process" or "podman", not "${pods}".`);
}

/**
 * The context of a kubeconfig whose cluster replaces the local one: `TENANTRY_KUBE_CONTEXT`, of the file `TENANTRY_KUBECONFIG`. There is no default, so that
 * nobody's current context is taken for a playground.
 */
export function kubeContext(
  environment: Environment,
): { readonly context: string; readonly file: string | undefined } | undefined {
  const { TENANTRY_KUBE_CONTEXT: context, TENANTRY_KUBECONFIG: file } = environment;
  return context ? { context, file: file || undefined } : undefined;
}
