import { wiring } from '../../../lib/wiring.ts'

export const dynamic = 'force-dynamic'

export function GET(request: Request): Response {
  const { env, metrics } = wiring()
  if (!metrics.mayRead(request.headers.get('authorization'), env.METRICS_TOKEN))
    return new Response(null, { status: 401 })
  return Response.json(metrics.snapshot())
}
