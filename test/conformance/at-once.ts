/**
 * What `act` gives for each of a list, in its order; `count` are under way at once.
 *
 * @throws what one of them threw, once none goes on.
 */
export async function atOnce<T, R>(
  list: readonly T[],
  count: number,
  act: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = list.entries();
  const worker = async () => {
    for (const [index, one] of left) results[index] = await act(one);
  };
  const ended = await Promise.allSettled(Array.from({ length: count }, worker));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return results;
}
