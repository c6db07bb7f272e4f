import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { EXIT } from '../../src/cli/exit-code.ts'
import { overview, usageOf } from '../../src/cli/usage.ts'
import { RULES } from '../../src/rls/audit/rules/index.ts'
import { PROBE_RULES } from '../../src/rls/probe/probe-rules.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
const page = read('cli.md')

describe('docs/cli.md', () => {
  it('shows all commands', () => {
    expect(page).toContain(overview(COMMANDS))
  })

  it.each(COMMANDS)('shows how $name is used', (command) => {
    expect(page).toContain(usageOf(command))
  })

  it('names every exit code', () => {
    for (const code of Object.values(EXIT)) expect(page).toContain(`| ${code} |`)
  })
})

describe('docs/probe.md', () => {
  it('names everything that a probe finds', () => {
    const rows = read('probe.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    expect(rows).toEqual(
      PROBE_RULES.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`),
    )
  })
})

describe('README.md and CHANGELOG.md', () => {
  it.each(['README.md', 'CHANGELOG.md'])('%s counts as many checks of the audit as there are', (name) => {
    const counts = [...read(`../${name}`).matchAll(/leasehold audit\b.*?(\d+) checks/g)].map(([, count]) =>
      Number(count),
    )
    expect(counts).toEqual([RULES.length])
  })
})
