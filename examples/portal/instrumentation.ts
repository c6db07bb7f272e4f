/** Called by Next.js once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { stopOnSignal } = await import('@clinic/web/stop-on-signal')
  // There is nothing to let go of but what has been begun.
  await stopOnSignal('portal', async () => {})
}
