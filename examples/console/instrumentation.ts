/** Called by Next.js once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { stopOnSignal } = await import('@clinic/web/stop-on-signal')
  const { unwire } = await import('./lib/wiring.ts')
  await stopOnSignal('console', unwire)
}
