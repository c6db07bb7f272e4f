/* Runs the fixture beside it as Vitest would for a user, and prints what came of its tests. */
import { join } from 'node:path'
import { startVitest } from 'vitest/node'

const vitest = await startVitest('test', [], {
  config: false,
  root: join(import.meta.dirname, '../../../..'),
  include: ['test/testing/matchers/matrix/matrix.fixture.ts'],
  reporters: [{}],
  cache: false,
  watch: false,
})
const [module] = vitest.state.getTestModules()
const tests = [...(module?.children.allTests() ?? [])].map((test) => {
  const { state, errors } = test.result()
  return { name: `${state} ${test.fullName}`, errors: (errors ?? []).map(({ message }) => message) }
})
const errors = (module?.errors() ?? []).map(({ message }) => message)
process.stdout.write(JSON.stringify({ tests, errors }), () => process.exit(0))
