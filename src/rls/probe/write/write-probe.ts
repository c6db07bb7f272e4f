import type { Verdict } from './verdict.ts'
import type { WriteSubject } from './write-subject.ts'

/** One way to write where another tenant's rows are. */
export interface WriteProbe {
  /** What it comes to, after "can". */
  readonly way: string
  /** Tries it, or `undefined` where the application lacks what it would need to try. */
  attempt(subject: WriteSubject): Promise<Verdict | undefined>
}
