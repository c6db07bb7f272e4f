import type { Target } from './target.ts'

let made = 0

/** Makes a login role that sees every tenant's rows in the database of a target; `drop` undoes it. */
export async function createSystemRole(target: Target): Promise<{ user: string; drop(): Promise<void> }> {
  made += 1
  const user = `operator_${process.pid}_${made}`
  await target.admin.query(`create role ${user} login bypassrls`)
  await target.admin.query(`grant select, insert, update, delete on all tables in schema public to ${user}`)
  return {
    user,
    drop: async () => {
      await target.admin.query(`drop owned by ${user}`)
      await target.admin.query(`drop role ${user}`)
    },
  }
}
