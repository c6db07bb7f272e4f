/** A program in a Debian release. */
export interface DebianProgram {
  /** The package, such as `redis-server`. */
  readonly packageName: string
  /** The program's path in it, such as `usr/bin/redis-server`. */
  readonly path: string
  /** The release's codename, such as `trixie`. */
  readonly release: string
}
