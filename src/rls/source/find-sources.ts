import { glob, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { ConfigError } from '../../errors/config.ts'

const EXTENSIONS = '{js,mjs,cjs,jsx,ts,mts,cts,tsx}'
const DECLARATIONS = /\.d\.[cm]?ts$/
const IS_SOURCE = /\.[cm]?[jt]sx?$/

/**
 * Finds the files that paths, folders and globs name, without those of packages and declarations of types.
 *
 * @param from the folder that they are relative to
 * @returns paths relative to it, with slashes, in order
 * @throws {ConfigError} when one of them names no file: a misspelt glob would pass for a clean source
 */
export async function findSources(patterns: readonly string[], from: string): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const paths = await expand(pattern, from)
    if (paths.length === 0) {
      throw new ConfigError(
        `\`sources\` names ${JSON.stringify(pattern)}, which matches no JavaScript or TypeScript file.`,
      )
    }
    for (const path of paths) found.add(path)
  }
  return [...found].sort()
}

async function expand(pattern: string, from: string): Promise<readonly string[]> {
  const path = resolve(from, pattern)
  const entry = await stat(path).catch(() => undefined)
  if (entry?.isFile()) return [shown(path, from)]
  const paths: string[] = []
  const [wanted, cwd] = entry?.isDirectory() ? [`**/*.${EXTENSIONS}`, path] : [pattern, from]
  for await (const name of glob(wanted, {
    cwd,
    exclude: (name) => name === 'node_modules' || name === '.git',
  })) {
    const file = resolve(cwd, name)
    if (IS_SOURCE.test(file) && !DECLARATIONS.test(file) && (await stat(file)).isFile())
      paths.push(shown(file, from))
  }
  return paths
}

function shown(path: string, from: string): string {
  return join(relative(from, path)).replaceAll('\\', '/')
}
