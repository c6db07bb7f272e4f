import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { examineSources } from '../../../src/rls/source/examine-sources.ts'

/** Writes a program into a folder that the test has to itself. */
export async function writeProgram(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leasehold-source-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

/** What is found in a program, as `file:line what subject`. */
export async function examine(
  files: Readonly<Record<string, string>>,
  patterns: readonly string[] = ['.'],
): Promise<readonly string[]> {
  const found = await examineSources(patterns, await writeProgram(files))
  return found.map(({ path, line, what, subject }) => `${path}:${line} ${what} ${subject}`)
}
