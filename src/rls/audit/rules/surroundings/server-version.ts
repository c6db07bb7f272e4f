import { examineServer, type ServerIdentity } from '../../../server-version/examine-server.ts'
import { explainMissingFix, explainVersion } from '../../../server-version/explain.ts'
import { SERVER_QUERY } from '../../../server-version/read-server.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'

const OBJECT = 'server'

/** The server's minor release, against the holes in row security that later ones closed. */
export const serverVersion: AuditRule = {
  id: 'server-version',
  title: 'The server lacks fixes of row security',
  severity: 'warning',
  find: async (subject) => {
    const [identity] = await subject.rows<ServerIdentity>(SERVER_QUERY)
    return identity ? judge(identity, new Date()) : []
  },
}

function judge(identity: ServerIdentity, now: Date): readonly Found[] {
  const report = examineServer(identity, now)
  const general = explainVersion(report)
  return [
    ...(general ? [{ object: OBJECT, ...general }] : []),
    ...report.missing.map((missing) => ({
      object: OBJECT,
      ...explainMissingFix(missing, report.version),
      severity: missing.cve.isAdjacent ? ('info' as const) : undefined,
    })),
  ]
}
