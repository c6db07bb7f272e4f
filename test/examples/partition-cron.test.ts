import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const FOLDER = 'examples/partition-cron/'
const recipe = read(`${FOLDER}Dockerfile`)

describe.each([
  { of: '', config: 'leasehold.config.ts' },
  { of: 'telemetry.', config: 'telemetry.config.ts' },
])('the scheduled task of $config', ({ of, config }) => {
  it('is started by its schedule, out of the one image, with its own configuration', () => {
    const task = JSON.parse(read(`${FOLDER}${of}task-definition.json`))
    const schedule = JSON.parse(read(`${FOLDER}${of}schedule.json`))
    const [container] = task.containerDefinitions
    expect(schedule.Target.EcsParameters.TaskDefinitionArn.split('/').at(-1)).toBe(task.family)
    expect(schedule.Name).toBe(task.family)
    expect(container.image).toMatch(/\/leasehold-partitions:\d+$/)
    expect(recipe).toMatch(new RegExp(`^COPY .*\\b${config.replaceAll('.', '\\.')} `, 'm'))
    const given: readonly string[] = container.command ?? []
    expect(given.includes('--config') ? given.at(given.indexOf('--config') + 1) : 'leasehold.config.ts').toBe(
      config,
    )
  })
})

it('installs the versions that this repository is tested with', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  for (const name of ['pg', '@aws-sdk/client-s3', 'hyparquet', 'hyparquet-writer'])
    expect(recipe).toContain(` ${name}@${devDependencies[name]}`)
})
