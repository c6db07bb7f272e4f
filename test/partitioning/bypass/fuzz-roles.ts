import pg from 'pg'
import type { ServerAddress } from '../../../src/testing/index.ts'

/** Roles of one fuzz, of names that no other file has: roles belong to the whole server. */
export interface FuzzRoles {
  readonly app: string
  readonly owner: string
  readonly job: string
  readonly archiver: string
  /** Has what it is granted, and sees past policies: the worst that can be granted something by mistake. */
  readonly bypasser: string
  /** May read all data, as monitoring may. */
  readonly reader: string
  /** A member of `app`. */
  readonly support: string
  readonly stranger: string
  /** Owned a table once; the job is a member of it, so that it can take the table over. */
  readonly formerOwner: string
}

/** Those that must not touch a partition by its own name. */
export function outsiders({
  app,
  bypasser,
  reader,
  support,
  stranger,
  formerOwner,
}: FuzzRoles): readonly string[] {
  // A role with BYPASSRLS that may read all data reads all data: `reader` is subject to policies.
  return [app, bypasser, reader, support, stranger, formerOwner]
}

/** Makes the roles; the result drops them, once nothing is theirs any more. */
export async function createRoles(
  { host, port }: ServerAddress,
  suffix: string,
): Promise<FuzzRoles & AsyncDisposable> {
  const name = (word: string) => `fuzz_${word}_${suffix}`
  const roles = {
    app: name('app'),
    owner: name('owner'),
    job: name('job'),
    archiver: name('archiver'),
    bypasser: name('bypasser'),
    reader: name('reader'),
    support: name('support'),
    stranger: name('stranger'),
    formerOwner: name('former_owner'),
  }
  const admin = new pg.Client({ host, port, user: 'postgres', database: 'postgres' })
  await admin.connect()
  await admin.query(`
    create role ${roles.app} login; create role ${roles.owner}; create role ${roles.job} login nobypassrls;
    create role ${roles.bypasser} login bypassrls; create role ${roles.reader} login; create role ${roles.support} login;
    create role ${roles.stranger} login; create role ${roles.archiver}; create role ${roles.formerOwner} login;
    grant ${roles.owner}, ${roles.formerOwner} to ${roles.job};
    grant ${roles.app} to ${roles.support};
    grant pg_read_all_data to ${roles.reader};`)
  return {
    ...roles,
    [Symbol.asyncDispose]: async () => {
      await admin.query(`drop role ${Object.values(roles).join(', ')}`)
      await admin.end()
    },
  }
}
