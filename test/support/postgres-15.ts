import { postgresPrograms } from '../../src/testing/rig/provision/index.ts'

/** Whether PostgreSQL 15 is there. npm has it, and the rig's own message says how to install it; not every machine has. */
export const HAS_15: boolean = await postgresPrograms({ major: 15 }).then(
  () => true,
  () => false,
)
