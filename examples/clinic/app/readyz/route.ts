import { EnvError } from '@clinic/kit'
import { database } from '../../lib/wiring.ts'

export const dynamic = 'force-dynamic'

/** Whether it is worth sending somebody here. */
export async function GET(): Promise<Response> {
  const reasons = await reasonsNot()
  const ok = reasons.length === 0
  return Response.json({ ok, reasons }, { status: ok ? 200 : 503 })
}

async function reasonsNot(): Promise<readonly string[]> {
  try {
    const { ok, primary } = await (await database()).health()
    return ok ? [] : [`primary: ${primary.code ?? 'does not answer'}`]
  } catch (error) {
    return error instanceof EnvError ? error.variables : ['primary: does not answer']
  }
}
