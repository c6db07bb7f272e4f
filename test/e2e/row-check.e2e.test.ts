import { describe, expect, it } from 'vitest'
import { RowCheck } from '../../examples/platform/load/row-check.ts'
import { CLINIC_DATABASE } from '../../examples/platform/topology.ts'
import { MIRA } from '../../examples/schema/seed/cast.ts'
import { LAKESIDE, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { rowsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform({ phase: 1, services: [] })

describe('what the load holds answers against', () => {
  it('finds the rows of a clinic its own, whatever the answer looks like', async () => {
    await using check = checker()
    const { patient, appointment, record, profile } = await rowsOf(platform(), SONNENHOF.tenantId)
    check.note(
      JSON.stringify({ patient, list: [{ appointment }] }),
      { tenantId: SONNENHOF.tenantId },
      'GET json',
    )
    check.note(
      `<a href="/patients/${profile}">…</a><p>${record}</p>`,
      { tenantId: SONNENHOF.tenantId },
      'GET page',
    )
    await check.look()
    expect(check.counts).toEqual({ checked: 4, foreign: 0, examples: [] })
  })

  it('finds each row of another clinic, and names the request', async () => {
    await using check = checker()
    const rows = await rowsOf(platform(), LAKESIDE.tenantId)
    const shownTo = { tenantId: SONNENHOF.tenantId }
    check.note(JSON.stringify(rows), shownTo, 'GET /leak')
    await check.look()
    expect(check.counts).toMatchObject({ checked: 4, foreign: 4 })
    expect(check.counts.examples).toContainEqual({ id: rows.patient, shownTo, request: 'GET /leak' })
  })

  it("finds another patient's row in the session of a patient, and not their own", async () => {
    await using check = checker()
    const shownTo = { tenantId: SONNENHOF.tenantId, personId: MIRA.personId }
    check.note(
      JSON.stringify(await rowsOf(platform(), SONNENHOF.tenantId, MIRA.personId)),
      shownTo,
      'GET others',
    )
    await check.look()
    expect(check.counts).toMatchObject({ checked: 4, foreign: 4 })
  })

  it('loses nothing of what it noted while the primary is away', async () => {
    await using check = checker()
    const { rig } = platform().topology
    const rows = await rowsOf(platform(), LAKESIDE.tenantId)
    await rig.primary.stop()
    check.note(JSON.stringify(rows), { tenantId: SONNENHOF.tenantId }, 'GET /leak')
    await expect(check.look()).rejects.toThrow()
    await rig.primary.restart()
    await check.look()
    expect(check.counts.foreign).toBe(4)
  })
})

function checker(): RowCheck {
  return new RowCheck(platform().topology.rig.primary.adminUrl(CLINIC_DATABASE))
}
