import { wiring } from '../../../lib/wiring.ts'

export const dynamic = 'force-dynamic'

/** What this process did, for the Console. */
export async function GET(request: Request): Promise<Response> {
  const { metrics, env } = await wiring()
  if (!metrics.mayRead(request.headers.get('authorization'), env.METRICS_TOKEN)) {
    return new Response(null, { status: 401 })
  }
  return Response.json(metrics.snapshot())
}
