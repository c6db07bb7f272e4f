import type { RlsGap } from '../../errors/rls.ts'
import { printable } from '../report/printable.ts'
import { examineServer, type ServerIdentity } from '../server-version/examine-server.ts'
import { explainVersion } from '../server-version/explain.ts'

/** The holes in row security that are open in a server for want of an update. */
export interface ServerHoles extends RlsGap {
  /** Their names, the newest first. */
  readonly cves: readonly string[]
}

/**
 * Names the holes in row security itself that a server has. Nothing where it has none that is known, or where its version does not
 * say.
 */
export function serverHoles(server: ServerIdentity, now: Date): ServerHoles | undefined {
  const { missing, major } = examineServer(server, now)
  const open = missing.filter(({ cve }) => !cve.isAdjacent)
  if (open.length === 0) return undefined
  const cves = open.map(({ cve }) => cve.id)
  const minors = open.map(({ fixedIn }) =>
    fixedIn === undefined ? undefined : Number(fixedIn.split('.').at(-1)),
  )
  const fix = minors.every((minor) => minor !== undefined)
    ? `Update the server to ${major}.${Math.max(...minors)} or later.`
    : `Upgrade the server: PostgreSQL ${major} was out of support when they were closed.`
  const cause = `PostgreSQL ${printable(server.version)} lacks what closes holes in row security: ${cves.join(', ')}.`
  return { cause, fix, cves }
}

/**
 * Says of a server that nobody can tell from its version which holes it has: that of a fork, a pre-release, or one that mends by
 * itself. Nothing where it is a release of PostgreSQL.
 */
export function unreadableVersion(server: ServerIdentity, now: Date): RlsGap | undefined {
  const report = examineServer(server, now)
  const explained = report.version.kind === 'unclear' ? explainVersion(report) : undefined
  if (!explained) return undefined
  return {
    cause: `The server calls its version ${JSON.stringify(printable(server.version))}. ${explained.message}`,
    fix: `${explained.fix} Where it mends them, say minServerPatch: 'warn'.`,
  }
}
