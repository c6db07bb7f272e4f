export { EnvError } from './env/env-error.ts'
export { readEnv } from './env/read-env.ts'
export { variables } from './env/variables.ts'
export type {
  CacheMetrics,
  Percentiles,
  PoolMetrics,
  ReplicaMetrics,
  ServiceMetrics,
  TenantMetrics,
} from './metrics/service-metrics.ts'
export { type Metrics, type MetricsSources, startMetrics } from './metrics/start-metrics.ts'
export { describeError, type Problem, problemOf, RequestRefusedError } from './problem.ts'
export { type ReplicaPool, replicaPools } from './replica-pools.ts'
export { isSameOrigin } from './same-origin.ts'
export { type Servable, serve } from './serve.ts'
export { SETTINGS, settingsOf } from './session-settings.ts'
export { askForToken, type IssuedToken, type SignInProblem } from './token/ask-for-token.ts'
export { bearerOf } from './token/bearer.ts'
export {
  type Claims,
  type OperatorClaims,
  type PatientClaims,
  type StaffClaims,
  TOKEN_AUDIENCE,
} from './token/claims.ts'
export { requireTenant, type TenantOfToken } from './token/require-tenant.ts'
export { type TokenRefusal, TokenRefusedError } from './token/token-refused-error.ts'
export { type VerifyTokenOptions, verifyToken } from './token/verify-token.ts'
export { withoutValues } from './without-values.ts'
