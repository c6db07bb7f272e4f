import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../../errors/config.ts'
import { checkConfig } from './check-config.ts'
import type { LeaseholdConfig } from './leasehold-config.ts'

/** The files that are looked for, in this order. */
const NAMES = ['leasehold.config.ts', 'leasehold.config.js', 'leasehold.config.json']

/** A configuration, and the folder that paths in it start from. */
export interface LoadedConfig {
  readonly config: LeaseholdConfig
  readonly folder: string
}

/**
 * Reads the configuration. TypeScript is run as Node runs it: by leaving its types out.
 *
 * @param given what `--config` says; without it the first of `leasehold.config.{ts,js,json}` in the folder is taken, if there is one
 * @throws {ConfigError} when it does not exist, cannot be read, or holds anything else
 */
export async function loadConfig(given: string | undefined, folder: string): Promise<LoadedConfig> {
  const name = given ?? NAMES.find((candidate) => existsSync(resolve(folder, candidate)))
  if (name === undefined) return { config: {}, folder }
  const file = resolve(folder, name)
  const path = relative(folder, file)
  if (!existsSync(file)) throw new ConfigError(`The configuration ${path} does not exist.`)
  const value = extname(file) === '.json' ? await readJson(file, path) : await importDefault(file, path)
  return { config: checkConfig(value, path), folder: dirname(file) }
}

async function readJson(file: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    // Node quotes what it read, in which there may be a password.
    const [position = ''] = /\bat position \d+(?: \(line \d+ column \d+\))?/.exec(String(error)) ?? []
    throw new ConfigError(`The configuration ${path} is not JSON${position && `: look ${position}`}.`)
  }
}

async function importDefault(file: string, path: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(file).href)
    return (module as { readonly default?: unknown }).default
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`The configuration ${path} could not be run: ${reason}`, { cause })
  }
}
