import type { Terminal } from '../../src/cli/terminal.ts'

/** A terminal that keeps what is written to it. */
export class SilentTerminal implements Terminal {
  readonly printed: string[] = []
  readonly noted: string[] = []
  readonly env: Readonly<Record<string, string | undefined>> = {}
  readonly folder: string
  readonly version = '1.2.3'

  constructor(folder = '/nowhere') {
    this.folder = folder
  }

  print(text: string): void {
    this.printed.push(text)
  }

  interruption(): AbortSignal {
    return new AbortController().signal
  }

  note(text: string): void {
    this.noted.push(text)
  }
}
