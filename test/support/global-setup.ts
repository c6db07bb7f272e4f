import type { TestProject } from 'vitest/node'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { ISOLATION_SCHEMA } from '../soak/isolation-schema.ts'
import { createAppRoles, fill, NOTES_SCHEMA } from './notes.ts'

/** Where the rig that all test files share listens. */
export interface SharedRig {
  readonly primary: { readonly host: string; readonly port: number }
  readonly standbys: readonly { readonly host: string; readonly port: number }[]
  readonly redis: { readonly host: string; readonly port: number } | undefined
}

declare module 'vitest' {
  interface ProvidedContext {
    rig: SharedRig
  }
}

/** Starts one rig for the whole run, with a template for each schema that tests clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const rig = await startRig()
  await createAppRoles(rig.primary.adminUrl())
  await rig.prepareTemplate('empty', () => Promise.resolve())
  await rig.prepareTemplate('notes', (url) => fill(url, NOTES_SCHEMA))
  await rig.prepareTemplate('isolation', (url) => fill(url, ISOLATION_SCHEMA))
  const address = ({ host, port }: { host: string; port: number }) => ({ host, port })
  project.provide('rig', {
    primary: address(rig.primary),
    standbys: rig.standbys.map(address),
    redis: rig.redis && address(rig.redis),
  })
  return () => rig.stop()
}
