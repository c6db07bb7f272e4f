import { z } from 'zod'

/** What `REPLICA_URLS` names: `r1=postgres://…,r2=postgres://…`. */
export interface ReplicaUrl {
  readonly id: string
  readonly connectionString: string
}

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.join('// or ')}//`,
    )

const postgresUrl = url(['postgres:', 'postgresql:'])
const httpUrl = url(['http:', 'https:']).transform((text) => text.replace(/\/$/, ''))
const secret = z.string().min(32, 'must be at least 32 characters')
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `must be a whole number from ${least} to ${most}`)

const replicaUrls = z.string().transform((text, context): readonly ReplicaUrl[] => {
  const replicas = text.split(',').map((entry) => {
    const at = entry.indexOf('=')
    return { id: entry.slice(0, Math.max(at, 0)).trim(), connectionString: entry.slice(at + 1).trim() }
  })
  const isGood = ({ id, connectionString }: ReplicaUrl) =>
    /^[a-z0-9_-]+$/.test(id) && postgresUrl.safeParse(connectionString).success
  if (replicas.every(isGood)) return replicas
  context.addIssue('must be a list such as r1=postgres://host/name,r2=postgres://host/name')
  return z.NEVER
})

/** The variables that services have in common: one schema for each, for `readEnv`. */
export const variables = Object.freeze({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535),
  /** Through pgbouncer, to the primary, as the role `app`. */
  DATABASE_URL: postgresUrl,
  /** Through pgbouncer. Without any it is phase 1, and nothing else differs. */
  REPLICA_URLS: replicaUrls.default([]),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  /**
   * Through pgbouncer, to the primary, as the role `cache_relay`: the option `system`. With it writes go on while Redis is away; without
   * it, those that the cache must hear of are refused meanwhile.
   */
  SYSTEM_DATABASE_URL: postgresUrl.optional(),
  /** Signs consistency tokens: the same in every process. */
  TOKEN_KEY: secret,
  IDENTITY_URL: httpUrl,
  /** What `/internal/metrics` asks for. */
  METRICS_TOKEN: secret,
  /** Client connections of one pool. */
  POOL_MAX: wholeNumber(1, 100).default(2),
  TELEMETRY_DATABASE_URL: postgresUrl,
  CORE_API_URL: httpUrl,
  TELEMETRY_API_URL: httpUrl,
  /** A label for the Console. */
  PLATFORM_PHASE: z.string().default('1'),
})
