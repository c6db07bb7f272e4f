import { expect } from 'vitest'
import { isolationMatchers } from './isolation-matchers.ts'
import type { IsolationOptions } from './isolation-options.ts'

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void>, T> {
    /**
     * A table of tenants keeps them apart, as the login role of the pool sees it. What is expected to is what `createLeasehold`
     * made, or a `pg.Pool`.
     */
    toIsolate(table: string, options: IsolationOptions): Promise<void>
  }
}

expect.extend(isolationMatchers)
