import { readFileSync } from 'node:fs'

/** USER_HZ, in which Linux counts: 100 everywhere. */
const MS_PER_TICK = 10

/**
 * Milliseconds that a backend and this process have computed so far. On a machine that other tests keep busy this is what a clock
 * would show on a quiet one, as long as the two only wait for each other. Where there is no /proc it is a clock.
 *
 * @see man 5 proc_pid_stat: utime and stime are the 14th and 15th field, and the second ends in a parenthesis
 */
export function workingTime(backendPid: number): number {
  try {
    const [, rest = ''] = readFileSync(`/proc/${backendPid}/stat`, 'utf8').split(') ')
    const fields = rest.split(' ')
    const { user, system } = process.cpuUsage()
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK + (user + system) / 1_000
  } catch {
    return performance.now()
  }
}
