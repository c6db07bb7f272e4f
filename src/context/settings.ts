import { ConfigError } from '../errors/config.ts'
import { SettingInvalidError } from '../errors/tenant.ts'

/** Values of the further settings of a tenant context, by setting name. A declared setting that is left out is `''`. */
export type SettingValues = Readonly<Record<string, string>>

/**
 * A custom setting: two or more identifiers joined by dots.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-custom.html
 */
const NAME = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})+$/

/**
 * Checks the name of a custom setting, since it becomes part of the context statement's text.
 *
 * @param path where the name stands in the options, for the message
 * @throws {ConfigError}
 */
export function parseSettingName(name: unknown, path: string): string {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new ConfigError(
      `${path} is not the name of a custom setting. It must be lower-case identifiers joined by a dot, ` +
        "such as 'app.tenant_id'.",
    )
  }
  return name
}

/**
 * Orders the given values as their settings were declared.
 *
 * Every declared setting gets a value each time, so what another client left in one on a pooled connection is
 * never read by a policy.
 *
 * @throws {SettingInvalidError} for a setting that is not declared, or a value that is no string or holds a NUL
 */
export function orderSettingValues(
  declared: readonly string[],
  values: SettingValues | undefined,
): readonly string[] {
  if (values === undefined) return declared.map(() => '')
  for (const name of Object.keys(values)) {
    if (!declared.includes(name)) {
      throw new SettingInvalidError(
        'A setting was given that is not declared. Name it in the `settings` option of createLeasehold; ' +
          `declared are: ${declared.join(', ') || 'none'}.`,
      )
    }
  }
  return declared.map((name) => {
    const value: unknown = Object.hasOwn(values, name) ? values[name] : ''
    // A lone surrogate would come back as U+FFFD, as if it were another request's.
    if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) {
      throw new SettingInvalidError(
        `The value for the setting ${name} is not a string without NUL bytes and lone surrogates.`,
      )
    }
    return value
  })
}
