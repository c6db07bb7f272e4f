import { globSync, readFileSync } from 'node:fs'
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

  it('names everything that is refused', () => {
    const folder = join(import.meta.dirname, '../../../src/partitioning')
    const source = ['plan', 'convert', 'adopt', 'hold']
      .flatMap((name) =>
        globSync('**/*.ts', { cwd: join(folder, name) }).map((file) => join(folder, name, file)),
      )
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const reasons = [
      ...source.matchAll(/(?:reason: |\brefusal\(\s*|\badd\(\s*[^\n]+,\s+)'([a-z]+(?:-[a-z]+)*)',/g),
    ]
    expect(reasons.length).toBeGreaterThan(30)
    const named = new Set([...page.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name))
    expect([...new Set(reasons.map(([, reason]) => reason))].filter((reason) => !named.has(reason))).toEqual(
      [],
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
