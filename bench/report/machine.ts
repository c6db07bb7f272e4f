import { arch, cpus, platform, release, totalmem } from 'node:os'

/** What the figures were measured on. */
export function describeMachine(): Readonly<Record<string, unknown>> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  }
}
