import { medianRatio } from '../report/median-ratio.ts'
import { type Report, type Result, ratiosOf } from '../report/result.ts'
import type { Course, Courses } from './rounds.ts'

/** @param raw the peer that every ratio is taken to */
export function toReport(suite: string, settings: Report['settings'], courses: Courses, raw: string): Report {
  const throughput = new Map(
    [...courses].map(([scenario, course]) => [
      scenario,
      new Map([...course].map(([peer, { opsPerSecond }]) => [peer, opsPerSecond])),
    ]),
  )
  const report: Report = { suite, settings, results: [], throughput }
  const results = [...courses].flatMap(([scenario, course]) =>
    [...course].map(([peer, of]) => toResult(peer, scenario, of, ratiosOf(report, scenario, peer, raw))),
  )
  return { ...report, results }
}

function toResult(peer: string, scenario: string, course: Course, toRaw: readonly number[]): Result {
  const { operations, elapsedMs, cpuUs, foreignRows, latency } = course
  const ratio = medianRatio(toRaw)
  return {
    peer,
    scenario,
    opsPerSecond: (operations / elapsedMs) * 1_000,
    ...latency,
    cpuUsPerOp: cpuUs / operations,
    ratioToRaw: ratio.median,
    ratioInterval: [ratio.low, ratio.high],
    foreignRows,
  }
}
