import { describe, expect, it } from 'vitest'
import { COMPUTED, settingsInSource } from '../../../src/rls/expression/settings-in-source.ts'

describe('the settings in the source of a function', () => {
  it.each([
    ["select current_setting('app.tenant_id', true)", ['app.tenant_id']],
    ["return PG_CATALOG . Current_Setting ( 'App.A' ) || \"current_setting\"('b.c')", ['app.a', 'b.c']],
    ["-- current_setting('a.b')\n/* current_setting('a.b') /* */ current_setting('a.b') */ select 1", []],
    ["select 'current_setting(''a.b'')', $q$current_setting('a.b')$q$, E'\\'current_setting(\\'a.b\\')'", []],
    ["select current_setting('app.' || name), current_setting(name)", [COMPUTED]],
    ['select my_current_setting(1), "Current_Setting"(2), current_setting', []],
  ])('are found among its tokens: %s', (source, settings) => {
    expect([...settingsInSource(source)]).toEqual(settings)
  })
})
