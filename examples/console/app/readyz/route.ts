import { EnvError } from '@clinic/kit'
import { wiring } from '../../lib/wiring.ts'

export const dynamic = 'force-dynamic'

/**
 * Ready as soon as it can be told what to show. Not when all its sources answer: a page that goes away together with the database would
 * be missing exactly when somebody looks.
 */
export function GET(): Response {
  try {
    wiring()
    return Response.json({ ok: true, reasons: [] })
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    return Response.json({ ok: false, reasons: error.variables }, { status: 503 })
  }
}
