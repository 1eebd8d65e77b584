import type { S3Client } from '@aws-sdk/client-s3';
import type { Experiment } from '@tenantry/core/experiment/experiment';
import type { TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { modelKey, type Serving, servingKey, servingSchema } from '@tenantry/core/training/model-registry';
import { emptyModel, type Model } from '../model/model.ts';
import { ModelFileError } from '../model/model-file-error.ts';
import { readModelFile } from '../model/read-model-file.ts';
import { loadModel } from '../model/session-model.ts';
import { type Held, heldPerTenant } from './held-per-tenant.ts';

export interface ModelSource {
  /**
   * The tenant's serving model, at most `checkEveryMs` older than what was promoted.
   * @throws {Error} while it cannot be asked for and none is held
   */
  modelOf(tenantId: TenantId, client: S3Client): Promise<Model>;
}

interface Options {
  readonly bucket: string;
  /** Of all models together; a file that has more by itself is refused. */
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  readonly now?: () => number;
  /** How long a request waits for a newer model, in milliseconds; 500 unless given. */
  readonly waitMs?: number;
  readonly onError?: (error: unknown, tenantId: TenantId) => void;
}

/** A file that was refused is not read again before that, unless another is promoted. */
const REFUSED_FOR_MS = 60_000;

interface Served {
  readonly model: Model;
  /** Where the model that should serve was refused: when to look at its file again, in milliseconds since the epoch. */
  readonly lookAgainAt?: number;
}

type LoadedFile = Omit<Held<Model>, 'etag'>;

/** @throws {ModelFileError} when the file is not there, or another than is meant */
async function loadFile(
  from: { readonly client: S3Client; readonly bucket: string; readonly bytesMax: number },
  tenantId: TenantId,
  model: Pick<Serving, 'version' | 'sha256'>,
): Promise<LoadedFile> {
  const bytes = await readModelFile(from, tenantId, model, from.bytesMax);
  const value = loadModel(bytes);
  if (value.version !== model.version) {
    throw new ModelFileError(`The file of the model ${model.version} says that it is ${value.version.slice(0, 40)}.`);
  }
  return { value, bytes: bytes.byteLength };
}

/** @throws {ModelFileError} when it names no model */
function parsePointer(body: Uint8Array): Serving {
  const parsed = servingSchema.safeParse(parseJson(new TextDecoder().decode(body)));
  if (!parsed.success) throw new ModelFileError('What names the model that serves cannot be read.');
  return parsed.data;
}

/** @throws {ModelFileError} when the file is said to lie where another tenant's, or another model's, would */
function assertOwn(tenantId: TenantId, { key, version }: Serving): void {
  if (key !== modelKey(tenantId, version)) throw new ModelFileError(`The file of the model ${version} lies elsewhere.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Holds tenants' models in memory within a bound. Whether a newer one was promoted is asked with the ETag of one small object, side by side
 * with the history query, so a warm answer waits for nothing more. A file that is not the one that was promoted, or is no whole model, does
 * not serve: the model before it goes on, which a process that has just started reads; where there was none, it is as if there were no model yet.
 */
export function createModelSource(options: Options): ModelSource {
  const { bucket, bytesMax, onError, now = Date.now } = options;

  /** What serves while the promoted one does not. */
  const standIn = async (tenantId: TenantId, client: S3Client, previous: Serving['previous']): Promise<LoadedFile> => {
    if (!previous) return { value: emptyModel, bytes: 0 };
    try {
      return await loadFile({ client, bucket, bytesMax }, tenantId, previous);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      onError?.(error, tenantId);
      return { value: emptyModel, bytes: 0 };
    }
  };

  const hold = heldPerTenant<Served, S3Client>({
    ...options,
    async load(tenantId, client, current) {
      const asked = current?.value;
      const again = asked?.lookAgainAt !== undefined && now() >= asked.lookAgainAt;
      const pointer = await readObject(client, bucket, servingKey(tenantId), again ? undefined : current?.etag);
      if (pointer === 'unchanged' && current) return current;
      // A pointer never goes while its tenant is served, so one that is not seen is no reason to forget a model.
      if (typeof pointer === 'string') return current ?? { value: { model: emptyModel }, etag: undefined, bytes: 0 };
      const { etag } = pointer;
      let serving: Serving | undefined;
      try {
        serving = parsePointer(pointer.body);
        assertOwn(tenantId, serving);
        if (current && asked?.model.version === serving.version) {
          return { ...current, value: { model: asked.model }, etag };
        }
        const { value: model, bytes } = await loadFile({ client, bucket, bytesMax }, tenantId, serving);
        return { value: { model }, etag, bytes };
      } catch (error) {
        if (!(error instanceof ModelFileError)) throw error;
        onError?.(error, tenantId);
        const lookAgainAt = now() + REFUSED_FOR_MS;
        if (current && asked && asked.model !== emptyModel) {
          return { ...current, value: { model: asked.model, lookAgainAt }, etag };
        }
        const { value: model, bytes } = await standIn(tenantId, client, serving?.previous);
        return { value: { model, lookAgainAt }, etag, bytes };
      }
    },
  });
  return { modelOf: async (tenantId, client) => (await hold(tenantId, client)).model };
}

export interface CandidateSource {
  /** The model that the tenant's experiment compares with the one that serves; nothing where it cannot be loaded. */
  candidateOf(tenantId: TenantId, client: S3Client, candidate: Experiment['candidate']): Promise<Model | undefined>;
}

/** Holds the second model of tenants whose experiments compare two, within a bound of its own, so that it puts none that serves out of memory. */
export function createCandidateSource(options: Options): CandidateSource {
  const { bucket, bytesMax, onError, now = Date.now } = options;
  interface Second {
    readonly version: string;
    /** Nothing where its file was refused. */
    readonly model: Model | undefined;
    readonly lookAgainAt: number;
  }
  const hold = heldPerTenant<Second, { client: S3Client; candidate: NonNullable<Experiment['candidate']> }>({
    ...options,
    async load(tenantId, { client, candidate }, current) {
      const { version } = candidate;
      const asked = current?.value;
      if (current && asked?.version === version && now() < asked.lookAgainAt) return current;
      try {
        const { value: model, bytes } = await loadFile({ client, bucket, bytesMax }, tenantId, candidate);
        return { value: { version, model, lookAgainAt: Number.POSITIVE_INFINITY }, etag: undefined, bytes };
      } catch (error) {
        if (!(error instanceof ModelFileError)) throw error;
        onError?.(error, tenantId);
        const lookAgainAt = now() + REFUSED_FOR_MS;
        return { value: { version, model: undefined, lookAgainAt }, etag: undefined, bytes: 0 };
      }
    },
  });
  return {
    async candidateOf(tenantId, client, candidate) {
      if (!candidate) return undefined;
      try {
        return (await hold(tenantId, { client, candidate })).model;
      } catch (error) {
        onError?.(error, tenantId);
        return undefined;
      }
    },
  };
}
