import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PARTITION_COMMANDS as COMMANDS } from '../../../src/cli/partitions/index.ts'
import { PARTITION_RULES } from '../../../src/partitioning/check/rules/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/partitions.md'), 'utf8')

describe('docs/partitions.md', () => {
  it('has a line for everything that a check finds', () => {
    const rows = page.split('\n').filter((line) => /^\| `[a-z-]+` \| (error|warning|info) \|/.test(line))
    expect(rows).toEqual(
      PARTITION_RULES.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`),
    )
  })

  it('says of each what to do', () => {
    const [, runbook = ''] = page.split('### What to do')
    for (const { id } of PARTITION_RULES) expect(runbook).toContain(`\`${id}\``)
  })
})

describe.each([
  'docs/partitions.md',
  'examples/partition-cron/README.md',
  'examples/partition-cron/Dockerfile',
])('%s', (name) => {
  const text = readFileSync(join(import.meta.dirname, '../../..', name), 'utf8').replace(
    // The exec form of a Dockerfile, as a shell would have it.
    /ENTRYPOINT \[.*\]\nCMD \[(.*)\]/,
    (_, args: string) => `npx leasehold partitions ${args.replaceAll(/[",]/g, '')}`,
  )
  const used = [...text.matchAll(/leasehold (partitions [a-z]+)((?: (?:'[^']*'|[^\s`'#>]+))*)/g)]

  it('shows commands that there are, with options that they have', () => {
    expect(used.length).toBeGreaterThan(0)
    for (const [line, command = '', args = ''] of used) {
      const { options } = COMMANDS.find((known) => known.name === command) ?? { options: undefined }
      expect(options, line).toBeDefined()
      const flags = [...args.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag)
      for (const flag of flags) expect(Object.keys(options ?? {}), line).toContain(flag)
    }
  })
})
