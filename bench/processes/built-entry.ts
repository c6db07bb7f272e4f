import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/**
 * The build of leasehold that is measured.
 *
 * @param given as on the command line
 * @throws when there is none
 */
export function builtEntry(given: string | undefined): string {
  const file = given === undefined ? DIST : resolve(given)
  if (existsSync(file)) return file
  throw new Error(`There is no build at ${file}. Run \`npm run build\` first.`)
}
