'use client'

import { useEffect, useState } from 'react'
import type { ConsoleView } from '../view/console-view.ts'

/** Whether the page moves, and if not, why. */
export type Liveness = 'live' | 'paused' | 'no answer' | 'signed out'

const EVERY_MS = 1_000
const LIMIT_MS = 8_000

/** Asks for the page once a second, unless it is paused or nobody can see it. */
export function useLiveView(
  initial: ConsoleView,
  isPaused: boolean,
): { readonly view: ConsoleView; readonly liveness: Liveness } {
  const [view, setView] = useState(initial)
  const [liveness, setLiveness] = useState<Liveness>('live')

  useEffect(() => {
    if (isPaused) return
    const stopping = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined

    async function ask(): Promise<void> {
      if (document.visibilityState === 'visible') {
        const state = await fetchView(stopping.signal)
        if (stopping.signal.aborted) return
        if (typeof state === 'object') setView(state)
        setLiveness(typeof state === 'object' ? 'live' : state)
        if (state === 'signed out') return
      }
      timer = setTimeout(() => void ask(), EVERY_MS)
    }
    timer = setTimeout(() => void ask(), EVERY_MS)
    return () => {
      stopping.abort()
      clearTimeout(timer)
    }
  }, [isPaused])

  return { view, liveness: isPaused && liveness !== 'signed out' ? 'paused' : liveness }
}

async function fetchView(stopping: AbortSignal): Promise<ConsoleView | 'no answer' | 'signed out'> {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(LIMIT_MS)])
    const response = await fetch('/api/overview', { signal, cache: 'no-store' })
    if (response.status === 401) return 'signed out'
    return response.ok ? ((await response.json()) as ConsoleView) : 'no answer'
  } catch {
    return 'no answer'
  }
}
