import type { WriteStream } from 'node:tty'

/** Tells on standard error what is going on. */
export interface Progress {
  /** Begins the next part of the work. */
  step(text: string): void
  /** What can be said of it so far; on a terminal only. */
  update(text: string): void
  /** Ends the last part. */
  done(): void
}

const EVERY_MS = 100

/** One line that is written over on a terminal; elsewhere one line for each part. */
export function showProgress(stream: WriteStream): Progress {
  let current = ''
  let began = performance.now()
  let shown = 0

  function end(): void {
    if (current === '') return
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}${current} (${seconds} s)\n`)
    current = ''
  }

  return {
    step(text) {
      end()
      current = text
      began = performance.now()
      if (stream.isTTY) stream.write(text)
    },
    update(text) {
      if (!stream.isTTY || performance.now() - shown < EVERY_MS) return
      shown = performance.now()
      // Cut to the width: a line that wraps cannot be written over.
      stream.write(`\r\u001b[K${`${current}: ${text}`.slice(0, (stream.columns || 80) - 1)}`)
    },
    done: end,
  }
}
