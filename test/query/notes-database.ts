import type { Generated, GeneratedAlways } from 'kysely'

/** The notes schema of the tests, as Kysely has it. */
export interface NotesDatabase {
  notes: {
    tenant_id: Generated<string>
    /** A bigint, which pg gives as a string. */
    id: GeneratedAlways<string>
    body: string
  }
  shared_log: { entry: string }
  parents: { id: number }
  children: { id: number | null }
}
