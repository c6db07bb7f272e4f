// Run as a process of its own: starts a private engine with a container, says so, and stays until killed.
import { provideImage } from '../../../../src/testing/rig/docker/image.ts'
import { startPrivateEngine } from '../../../../src/testing/rig/docker/private-engine.ts'
import { startContainer } from '../../../../src/testing/rig/docker/start-container.ts'
import { postgresPrograms } from '../../../../src/testing/rig/provision/index.ts'

const { host, stop } = await startPrivateEngine()
const image = await provideImage(host, await postgresPrograms())
const engine = { available: true, isPrivate: true, version: '', host, stop } as const
await startContainer(engine, { image, settings: {}, startupTimeoutMs: 60_000 })
process.stdout.write(`${host}\n`)
setTimeout(() => process.exit(1), 300_000)
