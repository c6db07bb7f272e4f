/** Runs a call, and tells of its error what the caller is to be told. */
export async function explained<T>(
  explain: ((error: unknown) => unknown) | undefined,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw explain ? explain(error) : error
  }
}
