import { readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Names the set of processes in which a process id of this one means something; holds no space. */
export async function processNamespace(): Promise<string> {
  // Containers that share a folder do not share process ids.
  const link = await readlink('/proc/self/ns/pid').catch(() => undefined)
  return link ?? hostname()
}
