/** The kernelspec could not be written or removed, and the user can do something about it. */
export class KernelspecError extends Error {
  override readonly name = 'KernelspecError';
}
