import { open, stat } from 'node:fs/promises'

/** What a server has printed, of which the part since its last start matters. */
export class ServerLog {
  readonly path: string
  #start = 0

  constructor(path: string) {
    this.path = path
  }

  /** Leaves out what is there now. */
  async skipPresent(): Promise<void> {
    this.#start = await stat(this.path).then(
      ({ size }) => size,
      () => 0,
    )
  }

  /** All of it since the start. */
  async read(): Promise<string> {
    const file = await open(this.path)
    try {
      const { size } = await file.stat()
      const buffer = Buffer.alloc(Math.max(0, size - this.#start))
      await file.read(buffer, 0, buffer.length, this.#start)
      return buffer.toString('utf8')
    } finally {
      await file.close()
    }
  }

  /** Its last lines, for an error's message. */
  async tail(): Promise<string> {
    const text = await this.read().catch(() => '')
    const lines = text.trimEnd().split('\n').slice(-15)
    return text.trim() === '' ? 'Its log is empty.' : `Its log ends:\n${lines.join('\n')}`
  }
}
