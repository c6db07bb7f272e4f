import { describe, expect, it } from 'vitest'
import type { AdmissionRules } from '../../src/admission/admission-rules.ts'
import { ConfigError } from '../../src/errors/index.ts'
import { resolveAdmission } from '../../src/options/resolve-admission.ts'
import { resolveOptions } from '../../src/options/resolve-options.ts'

describe('the option admission', () => {
  it('limits nothing unless it is given', () => {
    expect(resolveAdmission()).toEqual({})
    expect(resolveOptions({ primary: {} }).admission).toEqual({})
  })

  it('is taken as it is when it is valid, and cannot be changed afterwards', () => {
    const given = { maxQueue: 0, maxQueuePerTenant: 7, weight: () => 2 }
    const admission = resolveOptions({ primary: {}, admission: given }).admission
    expect(admission).toEqual(given)
    expect(Object.isFrozen(admission)).toBe(true)
  })

  it.each([
    [{ maxQueue: -1 }, 'options.admission.maxQueue '],
    [{ maxQueue: '5' }, 'options.admission.maxQueue '],
    [{ maxQueuePerTenant: 1.5 }, 'options.admission.maxQueuePerTenant '],
    [{ maxQueuePerTenant: Number.NaN }, 'options.admission.maxQueuePerTenant '],
    [{ weight: 3 }, 'options.admission.weight '],
    [null, 'options.admission '],
    [7, 'options.admission '],
  ])('refuses %o and names the path', (rules, path) => {
    const resolve = () => resolveAdmission(rules as unknown as AdmissionRules)
    expect(resolve).toThrow(ConfigError)
    expect(resolve).toThrow(path)
  })
})
