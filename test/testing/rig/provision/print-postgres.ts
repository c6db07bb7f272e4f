// Run as a process of its own: prints where it found PostgreSQL's programs.
import { postgresPrograms } from '../../../../src/testing/rig/provision/index.ts'

process.stdout.write(JSON.stringify(await postgresPrograms()))
