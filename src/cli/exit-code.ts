/** How a command ends, for what started it. */
export const EXIT = {
  /** Nothing found, or all done. */
  done: 0,
  /** It could not do its work. */
  failed: 1,
  /** It was asked wrongly. */
  usage: 2,
  /** Findings, pending actions, or a budget that is exceeded. */
  findings: 3,
  /** Another run holds the lock: EX_TEMPFAIL of sysexits.h, to be tried again. */
  locked: 75,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
