import { setTimeout as sleep } from 'node:timers/promises'
import type { Cut } from '../../src/testing/rig/proxy/index.ts'
import { signalProcess } from '../../src/testing/rig/reaper.ts'
import type { FaultKind, PlannedFault } from './fault-schedule.ts'
import type { SoakRig } from './soak-rig.ts'

/** Where a connection is cut: around what makes a write commit, and around what says that it has. */
const CUTS: readonly Pick<Cut, 'direction' | 'type' | 'when' | 'how'>[] = [
  { direction: 'client', type: 'S', when: 'after' },
  { direction: 'client', type: 'S', when: 'before' },
  { direction: 'client', type: 'E', when: 'after' },
  { direction: 'server', type: 'Z', when: 'before' },
  { direction: 'server', type: 'Z', when: 'after' },
  { direction: 'server', type: 'C', when: 'before' },
  { direction: 'server', type: 'C', when: 'after', how: 'close' },
  { direction: 'client', type: 'S', when: 'after', how: 'close' },
  { direction: 'server', type: 'D', when: 'before' },
]

const LASTING: readonly FaultKind[] = [
  'blackHole',
  'serverFreeze',
  'backendKill',
  'backendEnd',
  'poolerFreeze',
  'poolerRestart',
]

/** Inflicts a schedule of faults on a rig, each when its operation begins. */
export class FaultInjector {
  /** How often each was inflicted. */
  readonly counts: Partial<Record<FaultKind, number>> = {}
  readonly #rig: SoakRig
  readonly #faults: readonly PlannedFault[]
  #next = 0
  /** What takes servers down goes one after the other. */
  #lasting: Promise<void> = Promise.resolve()
  readonly #healing = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  constructor(rig: SoakRig, faults: readonly PlannedFault[]) {
    this.#rig = rig
    this.#faults = faults
  }

  /** Inflicts what is due by this operation. */
  reach(operation: number): void {
    for (
      let fault = this.#faults[this.#next];
      fault && fault.at <= operation;
      fault = this.#faults[this.#next]
    ) {
      this.#next += 1
      this.#inflict(fault)
    }
  }

  /** Waits until the last fault is over. @throws when one could not be inflicted, since then the soak proves less */
  async settle(): Promise<void> {
    await this.#lasting
    await Promise.all(this.#healing)
    this.#rig.proxy.disarmCuts()
    if (this.#failure) throw this.#failure.error
  }

  #inflict(fault: PlannedFault): void {
    if (LASTING.includes(fault.kind)) {
      this.#lasting = this.#lasting
        .then(() => this.#last(fault))
        .then(() => this.#count(fault.kind))
        .catch((error: unknown) => {
          this.#failure ??= { error }
        })
    } else this.#cut(fault)
  }

  #cut({ kind, ms, pick }: PlannedFault): void {
    const { proxy } = this.#rig
    const place = CUTS[pick % CUTS.length] ?? CUTS[0]
    if (!place) return
    const cut = { message: 0, since: 'armed', ...place } as const
    // A Sync, the shortest, has five bytes.
    const torn = kind === 'tornMessage' ? { bytes: 1 + (pick % 4), how: 'reset' as const } : {}
    const hole = kind === 'connectionBlackHole' ? { how: 'black-hole' as const } : {}
    const made = proxy.cutAt({ ...cut, ...torn, ...hole }).then(
      () => this.#count(kind),
      () => {},
    )
    if (kind !== 'connectionBlackHole') return
    const healed = Promise.race([made, sleep(ms)])
      .then(() => sleep(ms))
      // The holes of cuts end with those of the proxy.
      .then(() => proxy.blackHole(false))
      .finally(() => this.#healing.delete(healed))
    this.#healing.add(healed)
  }

  async #last({ kind, ms, pick }: PlannedFault): Promise<void> {
    const { primary, pooler, proxy } = this.#rig
    switch (kind) {
      case 'blackHole': {
        proxy.blackHole(pick % 3 === 0 ? true : pick % 3 === 1 ? 'up' : 'down')
        await sleep(ms)
        proxy.blackHole(false)
        return
      }
      case 'serverFreeze':
      case 'poolerFreeze': {
        const node = kind === 'serverFreeze' ? primary : pooler
        node?.freeze()
        await sleep(ms)
        node?.thaw()
        return
      }
      case 'poolerRestart': {
        await pooler?.restart()
        return
      }
      default: {
        const pids = await this.#rig.backends()
        const pid = pids[pick % Math.max(1, pids.length)]
        if (pid === undefined) return
        if (kind === 'backendEnd') await this.#rig.ask('select pg_terminate_backend($1)', [pid])
        // It may have ended since it was counted.
        else signalProcess(pid, 'SIGKILL')
      }
    }
  }

  #count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
}
