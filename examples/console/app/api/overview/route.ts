import { overview } from '../../../lib/overview.ts'
import { currentOperator } from '../../../lib/session.ts'

export const dynamic = 'force-dynamic'

/** What the page asks for once a second. */
export async function GET(): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  if (await currentOperator()) return Response.json(await overview(), { headers })
  return Response.json(
    { type: 'about:blank', title: 'Sign in first.', status: 401 },
    { status: 401, headers },
  )
}
