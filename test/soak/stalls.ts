import type { SoakRig } from './soak-rig.ts'

/** A way in which nothing answers any more, though every connection stays open. */
export interface Stall {
  readonly name: string
  begin(rig: SoakRig): void
  end(rig: SoakRig): void
}

/** Everything is swallowed on the way. */
const blackHole: Stall = {
  name: 'blackHole',
  begin: ({ proxy }) => proxy.blackHole(true),
  end: ({ proxy }) => proxy.blackHole(false),
}

/** SIGSTOP of the postmaster and all its backends. */
const serverFreeze: Stall = {
  name: 'serverFreeze',
  begin: ({ primary }) => primary.freeze(),
  end: ({ primary }) => primary.thaw(),
}

/** SIGSTOP of pgbouncer. */
const poolerFreeze: Stall = {
  name: 'poolerFreeze',
  begin: ({ pooler }) => pooler?.freeze(),
  end: ({ pooler }) => pooler?.thaw(),
}

/** Every stall that can be made on a rig. */
export function stallsOf(rig: SoakRig): readonly Stall[] {
  return rig.pooler ? [blackHole, serverFreeze, poolerFreeze] : [blackHole, serverFreeze]
}
