import type { ArchiveClient } from './archive-client.ts'

/** Opens a connection for some work, and ends it whatever comes of that. */
export async function withClient<C extends ArchiveClient, T>(
  connect: () => Promise<C>,
  work: (client: C) => Promise<T>,
): Promise<T> {
  const client = await connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
