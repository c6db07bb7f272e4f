import { describe, expect, it } from 'vitest'
import { castText } from '../../../src/rls/expression/cast-value.ts'
import {
  always,
  apply,
  connect,
  FAILS,
  negate,
  type Possible,
  union,
} from '../../../src/rls/expression/possible.ts'
import { TYPE } from '../../../src/rls/expression/read-constant.ts'

const all = (possible: Possible) => possible && new Set(possible)

describe('what is possible', () => {
  it('is false for an AND with something false, whatever else there is', () => {
    expect(all(connect('and', [undefined, always('f')]))).toEqual(new Set(['f']))
    expect(all(connect('or', [undefined, always('t')]))).toEqual(new Set(['t']))
  })

  it('is never true for an AND with NULL', () => {
    expect(all(connect('and', [always(null), undefined]))).toEqual(new Set(['f', null]))
  })

  it('is a failure or not where PostgreSQL may skip what fails', () => {
    expect(all(connect('or', [always(FAILS), always('t')]))).toEqual(new Set([FAILS, 't']))
    expect(all(connect('and', [always(FAILS), always('t')]))).toEqual(new Set([FAILS]))
  })

  it('is anything where too much is possible', () => {
    const many = new Set(Array.from({ length: 20 }, (_, index) => String(index)))
    expect(apply([many, many], () => always('t'))).toBeUndefined()
    expect(apply([always('1'), undefined], () => always('t'))).toBeUndefined()
    expect(union([always('t'), undefined])).toBeUndefined()
  })

  it('fails where an argument always fails, though another is anything', () => {
    expect(all(apply([undefined, always(FAILS)], () => always('t')))).toEqual(new Set([FAILS]))
  })

  it('is not turned round where it is NULL', () => {
    expect(all(negate(new Set(['t', null])))).toEqual(new Set(['f', null]))
  })
})

describe('a text as another type', () => {
  it.each([
    [TYPE.uuid, '', FAILS],
    [TYPE.uuid, 'null', FAILS],
    [TYPE.uuid, '{5EED0001-EA5E-4001-8001-1EA5E401D00B}', '5eed0001-ea5e-4001-8001-1ea5e401d00b'],
    [TYPE.bigint, ' +007 ', '7'],
    [TYPE.bigint, '', FAILS],
    [TYPE.bigint, 'null', FAILS],
    [TYPE.boolean, ' TRUE', 't'],
    [TYPE.boolean, 'of', 'f'],
    [TYPE.boolean, 'o', FAILS],
    [TYPE.boolean, '', FAILS],
    [TYPE.text, '', ''],
  ])('of type %i: %j', (type, text, value) => {
    expect(all(castText(type, text))).toEqual(new Set([value]))
  })

  it('is not known where versions differ', () => {
    expect(castText(TYPE.bigint, '0x1f')).toBeUndefined()
    expect(castText(1082, '2026-01-01')).toBeUndefined()
  })
})
