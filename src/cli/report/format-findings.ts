import { ConfigError } from '../../errors/config.ts'
import type { Finding } from '../../rls/finding.ts'
import { toJson } from '../../rls/report/json.ts'
import { type SarifTool, toSarif } from '../../rls/report/sarif.ts'
import { toText } from '../../rls/report/text.ts'

/** How each format is written. */
const FORMATS = {
  text: toText,
  json: toJson,
  sarif: toSarif,
} as const satisfies Record<string, (findings: readonly Finding[], tool: SarifTool) => string>

export type Format = keyof typeof FORMATS

/**
 * Reads `--format` and `--json`, which is short for one of its values.
 *
 * @throws {ConfigError} for a format that is none, or two of them
 */
export function readFormat(given: string | undefined, json: boolean): Format {
  const format = given ?? (json ? 'json' : 'text')
  if (!isFormat(format)) {
    throw new ConfigError(
      `--format is ${JSON.stringify(format)}, but must be ${Object.keys(FORMATS).join(', ')}.`,
    )
  }
  if (json && format !== 'json') throw new ConfigError(`--json and --format ${format} exclude each other.`)
  return format
}

/** Writes findings in a format. */
export function formatFindings(format: Format, findings: readonly Finding[], tool: SarifTool): string {
  return FORMATS[format](findings, tool)
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(FORMATS, name)
}
