import { ConfigError } from '../../errors/config.ts'

/** The part of oxc-parser that is used. */
export type SourceParser = Pick<typeof import('oxc-parser'), 'parseSync' | 'visitorKeys'>

/**
 * Loads the parser of JavaScript and TypeScript, an optional peer that only the audit of sources needs.
 *
 * @throws {ConfigError} when it is not installed, or not for this platform
 */
export async function loadParser(): Promise<SourceParser> {
  try {
    return await import('oxc-parser')
  } catch (cause) {
    throw new ConfigError(
      'The audit was given sources to read, which takes the package oxc-parser, and it cannot be loaded. ' +
        'Install it (npm install --save-dev oxc-parser), or leave `sources` out.',
      { cause },
    )
  }
}
