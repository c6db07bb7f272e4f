import { glob, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { ConfigError } from '../../errors/config.ts'

const IN_FOLDER = '**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}'

/**
 * Finds the files that patterns name; a folder stands for all TypeScript and JavaScript in it.
 *
 * @param from the folder that the patterns start from
 * @param to the folder that the results start from
 * @throws {ConfigError} when a pattern names no file, since an audit of none would find nothing
 */
export async function findSources(
  patterns: readonly string[],
  from: string,
  to: string,
): Promise<readonly string[]> {
  const files = new Set<string>()
  for (const pattern of patterns) {
    const found = await expand(pattern, from)
    if (found.length === 0) {
      throw new ConfigError(`sources: ${JSON.stringify(pattern)} names no file below ${from}.`)
    }
    for (const file of found) files.add(relative(to, file))
  }
  return [...files].sort()
}

async function expand(pattern: string, from: string): Promise<readonly string[]> {
  const path = resolve(from, pattern)
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) return [path]
  // A folder may be called `[id]`, which as part of a pattern would mean something else.
  const entries = glob(found ? IN_FOLDER : pattern, {
    cwd: found ? path : from,
    withFileTypes: true,
    exclude: ({ name }) => name === 'node_modules',
  })
  const files: string[] = []
  for await (const entry of entries) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name))
  }
  return files
}
