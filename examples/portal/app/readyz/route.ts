import { EnvError } from '@clinic/kit'
import { wiring } from '../../lib/wiring.ts'

export const dynamic = 'force-dynamic'

/** Ready as soon as it knows whom to ask. When the Core API is away, a page that says so is better than none. */
export function GET(): Response {
  try {
    wiring()
    return Response.json({ ok: true, reasons: [] })
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    return Response.json({ ok: false, reasons: error.variables }, { status: 503 })
  }
}
