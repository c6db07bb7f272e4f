import { writeFile } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'

/**
 * Writes a file that the command line names.
 *
 * @throws {CommandError} when it cannot be written
 */
export async function writeTo(file: string, path: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError(`${path} cannot be written: ${reason}.`, { cause })
  }
}
