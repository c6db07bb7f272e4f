/** How to start a server program: `spawn(command, [...args, ...own], { env: { ...process.env, ...env } })`. */
export interface Program {
  readonly command: string
  /** Goes before the caller's own arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The program's own version, such as `1.24.1`. */
  readonly version: string
}
