import type { CommandOptions } from '../command-definition.ts'

/** How findings are reported. */
export const REPORT_OPTIONS = {
  format: { type: 'string', value: '<text|json|sarif>', help: 'how findings are written [text]' },
  json: { type: 'boolean', help: 'the same as --format json' },
  baseline: {
    type: 'string',
    value: '<file>',
    help: 'known findings, which are not reported and do not fail',
  },
  'write-baseline': { type: 'boolean', help: 'writes what is found now into the file of --baseline' },
} as const satisfies CommandOptions

/** How what was found is mended. */
export const MIGRATION_OPTIONS = {
  fix: { type: 'boolean', help: 'prints a migration that mends what statements can mend' },
  output: { type: 'string', value: '<file>', help: 'where --fix writes the migration, beside the report' },
} as const satisfies CommandOptions
