/// <reference lib="esnext.disposable" preserve="true" />
export { describeIsolation, type MatrixOptions } from './matchers/describe-isolation.ts'
export { isolationMatchers, type MatcherAnswer } from './matchers/isolation-matchers.ts'
export type { IsolationOptions } from './matchers/isolation-options.ts'
export type { DatabaseOptions, ServerAddress } from './rig/databases.ts'
export { createDatabase, dropDatabase, prepareTemplate } from './rig/databases.ts'
export type { PoolerNode } from './rig/pooler-node.ts'
export type { Login, PostgresNode } from './rig/postgres-node.ts'
export type { PostgresSettings } from './rig/postgres-settings.ts'
export { type PgbouncerVersion, type PostgresMajor, RigProvisionError } from './rig/provision/index.ts'
export {
  type ConnectionCounts,
  type Cut,
  type CutReport,
  type Direction,
  type MessageObserver,
  type ProxyCounts,
  type SeenMessage,
  startToxicProxy,
  type TamperHook,
  type TamperInfo,
  type TamperOptions,
  type ToxicProxy,
  type ToxicProxyOptions,
} from './rig/proxy/index.ts'
export type { RedisNode } from './rig/redis-node.ts'
export type { Rig, RigPgbouncerOptions } from './rig/rig.ts'
export { RigError } from './rig/rig-error.ts'
export type { ServerNode } from './rig/server-node.ts'
export { type PgbouncerOptions, startPgbouncer } from './rig/start-pgbouncer.ts'
export { type RigOptions, startRig } from './rig/start-rig.ts'
