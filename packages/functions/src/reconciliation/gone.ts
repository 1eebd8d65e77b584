type ErrorClass = new (...args: never[]) => Error;

/** Takes something away; errors of these classes say that there is nothing to do any more. */
export async function unlessGone(classes: readonly ErrorClass[], removal: () => Promise<unknown>): Promise<void> {
  try {
    await removal();
  } catch (error) {
    if (!classes.some((gone) => error instanceof gone)) throw error;
  }
}
