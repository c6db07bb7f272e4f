/**
 * Plants each known bug in a copy of the project and looks whether its detector catches it, while the happy path beside
 * it still passes.
 *
 *     npm run sabotage [-- --json] [-- --only <part of a bug's name, or of its file's>]
 *
 * Exit code 0 when every bug is caught within 60 s and every happy path passes, else 1.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUGS } from './bugs.ts'
import type { PlantedBug } from './planted-bug.ts'
import { runTests } from './run-tests.ts'
import { Workshop } from './workshop.ts'

const LIMIT_MS = 60_000

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } })
const bugs = BUGS.filter(({ name, file }) => `${name} ${file}`.includes(values.only ?? ''))
const workshop = await Workshop.open()
let sound = true
const caught: { name: string; caughtBy: string | null; seconds: number }[] = []
try {
  const tests = bugs.flatMap(({ detector, happyPath }) => [detector, happyPath])
  const verdict = await runTests(workshop.path, tests, 10 * LIMIT_MS)
  for (const test of tests) {
    if (verdict(test) === 'passed') continue
    sound = false
    console.error(`The sound module does not pass "${test.name}" in ${test.file}: ${verdict(test)}.`)
  }
  for (const bug of bugs) caught.push(await hunt(bug))
} finally {
  await workshop[Symbol.asyncDispose]()
}
if (values.json) console.log(JSON.stringify({ bugs: caught }))
process.exitCode = sound && caught.every(({ caughtBy }) => caughtBy !== null) ? 0 : 1

async function hunt(bug: PlantedBug): Promise<{ name: string; caughtBy: string | null; seconds: number }> {
  const startedAt = performance.now()
  const takeOut = await workshop.plant(bug)
  await rm(join(workshop.path, 'report.json'), { force: true })
  const verdict = await runTests(workshop.path, [bug.detector, bug.happyPath], LIMIT_MS)
  await takeOut()
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  const isCaught = verdict(bug.detector) === 'failed'
  const isHappy = verdict(bug.happyPath) === 'passed'
  const remark = isHappy ? '' : `, but the happy path is ${verdict(bug.happyPath)}`
  console.error(`${isCaught ? 'caught' : 'NOT CAUGHT'} in ${seconds} s${remark}: ${bug.name}`)
  return { name: bug.name, caughtBy: isCaught && isHappy ? bug.detector.name : null, seconds }
}
