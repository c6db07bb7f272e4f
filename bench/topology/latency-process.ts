import { type ServerAddress, startToxicProxy } from '../../src/testing/index.ts'

/* The distance to the pooler, in a process of its own: delaying bytes must not cost the load generator's time. */

const { target, delayMs }: { target: ServerAddress; delayMs: number } = JSON.parse(process.argv[2] ?? '')
const proxy = await startToxicProxy({ target })
proxy.latency(delayMs)
process.on('disconnect', () => process.exit())
process.send?.({ host: proxy.host, port: proxy.port })
