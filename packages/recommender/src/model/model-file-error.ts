/** Bytes are no model that this version can serve: not a model file, cut off, or not what it says of itself. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}
