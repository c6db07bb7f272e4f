import 'server-only'
import type { Database } from '@clinic/schema'
import { leasehold, type NextScopes } from 'leasehold/next'
import { cookies } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import { quietScopes } from './quiet-scopes.ts'
import { requireStaff } from './session.ts'
import { database } from './wiring.ts'

/** Has each read of a page and each action run in the scope of the clinic that whoever is signed in works at. */
export const scoped: NextScopes<Database> = quietScopes(
  leasehold<Database>(database, {
    next: { cookies, unstable_rethrow },
    async identify() {
      const { tenant, claims, settings } = await requireStaff()
      return { tenant, subject: claims.sub, settings }
    },
    tokens: 'cookie',
  }),
)
