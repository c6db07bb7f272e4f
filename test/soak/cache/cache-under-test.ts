/** Points at which a process is killed: in front of the step, or when it has been answered. */
export const CRASH_POINTS = [
  'after lease',
  'before store',
  'after store',
  'after begin',
  'before finish',
  'after finish',
] as const

export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Where the servers of a soak listen. */
export interface SoakPlaces {
  readonly primary: Place
  readonly standbys: readonly Place[]
  readonly redis: Place
  readonly database: string
}

export interface Place {
  readonly host: string
  readonly port: number
}

/** A cache in front of the table of counters, whatever its protocol is. */
export interface CacheUnderTest extends AsyncDisposable {
  /** The version that the cache gives, or the database where it has none. */
  get(tenant: string, key: number): Promise<number>
  /**
   * Raises the version and has the cache forget the old one.
   *
   * @param rollBack whether the transaction is to be rolled back in the end
   * @returns the version that was committed; nothing where none was
   * @throws where nobody knows whether it was
   */
  write(tenant: string, key: number, rollBack: boolean): Promise<number | undefined>
  /** How many gets were answered by the cache, or joined another's load. */
  hits(): number
}

/** Opens a protocol. @param crash is called at each point, and may not return */
export type OpenCache = (places: SoakPlaces, crash: (point: CrashPoint) => void) => Promise<CacheUnderTest>
