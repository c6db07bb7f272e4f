#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { COMMANDS } from './commands.ts'
import { runCommandLine } from './run-command-line.ts'

// As far from here in src/ as from the built file in dist/.
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

// `leasehold audit | head` is over when head has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** The first Ctrl-C asks, the second ends the process: `once` leaves what Node does of itself. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort())
  return controller.signal
}

process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  folder: process.cwd(),
  interruption,
  version: manifest.version,
})
