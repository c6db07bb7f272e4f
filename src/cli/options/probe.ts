import { ConfigError } from '../../errors/config.ts'
import type { ProbeOptions } from '../../rls/probe/probe-options.ts'
import type { CommandOptions, ValuesOf } from '../command-definition.ts'
import { readTableName } from '../config/config-values.ts'
import { type DescribedApplication, settingNames } from './application.ts'

/** How far a probe goes. */
export const PROBE_OPTIONS = {
  tenant: {
    type: 'string',
    multiple: true,
    value: '<id>',
    help: 'a tenant with rows in many tables; given twice [two that --url finds]',
  },
  skip: {
    type: 'string',
    multiple: true,
    value: '<schema.name>',
    help: 'leaves a relation or function alone',
  },
  'read-only': { type: 'boolean', help: 'tries no writes, which are rolled back otherwise' },
} as const satisfies CommandOptions

/**
 * What a probe has to know.
 *
 * @param hasLogin whether the application's own login is used; otherwise its role is taken by SET ROLE
 * @throws {ConfigError} for what is no name, or for one tenant
 */
export function probeOptions(
  values: ValuesOf<typeof PROBE_OPTIONS>,
  { application, config }: DescribedApplication,
  hasLogin: boolean,
): ProbeOptions {
  const { appRole, ...rest } = application
  const [first, second, third] = values.tenant
  if (first !== undefined && (second === undefined || third !== undefined || first === second)) {
    throw new ConfigError('--tenant must be given twice, for two tenants.')
  }
  const given =
    first !== undefined && second !== undefined ? ([{ id: first }, { id: second }] as const) : undefined
  return {
    ...rest,
    ...(hasLogin ? {} : { appRole }),
    settings: settingNames(config),
    tenants: given ?? config.probe?.tenants,
    skip: [...(config.probe?.skip ?? []), ...values.skip.map((name) => readTableName(name, '--skip'))],
    ...(values['read-only'] ? { writes: false } : {}),
  }
}
