import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))

interface Service {
  readonly build?: { readonly args?: { readonly SERVICE: string } }
  readonly environment?: Readonly<Record<string, string>>
  readonly profiles?: readonly string[]
  readonly secrets?: readonly string[]
}
const { services, secrets } = parse(readFileSync(`${EXAMPLES}compose.yaml`, 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>
  secrets: Readonly<Record<string, object>>
}

/** Where each service says what it is told. */
const WIRING: Readonly<Record<string, string>> = {
  identity: 'identity/main.ts',
  'core-api': 'core-api/wiring.ts',
  'telemetry-api': 'telemetry-api/wiring.ts',
  clinic: 'clinic/lib/wiring.ts',
  portal: 'portal/lib/wiring.ts',
  console: 'console/lib/wiring.ts',
}
/** Of a machine of one's own, or with a value that is good. */
const OPTIONAL = new Set(['RENDER_MS'])
/** Read by whoever starts the service. */
const OF_THE_SERVER = new Set(['HOST', 'PORT'])

/** The variables that a service's `readEnv` asks for. */
function asked(file: string): readonly string[] {
  const source = readFileSync(EXAMPLES + file, 'utf8')
  const shape = /readEnv\(\{(?<shape>[\s\S]*?)\n *\}\)/.exec(source)?.groups?.shape ?? ''
  return [...shape.matchAll(/^ *([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name)
}

describe.each(Object.entries(WIRING))('%s in compose.yaml', (name, file) => {
  const given = Object.keys(services[name]?.environment ?? {})
  const wanted = asked(file)

  it('is told all that it asks for', () => {
    expect(wanted.length).toBeGreaterThan(2)
    expect(wanted.filter((variable) => !given.includes(variable) && !OPTIONAL.has(variable))).toEqual([])
  })

  it('is told nothing that it does not ask for', () => {
    expect(given.filter((variable) => !wanted.includes(variable) && !OF_THE_SERVER.has(variable))).toEqual([])
  })

  it('is built by its own name', () => {
    expect(services[name]?.build?.args?.SERVICE).toBe(name)
  })
})

it('from phase 1 to phase 2 adds poolers of replicas, and changes no service', () => {
  const added = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('phase2'))
  expect(added.map(([name]) => name)).toEqual(['pgbouncer-r1', 'pgbouncer-r2'])
  for (const [, { environment }] of added) expect(environment?.OF).toBe('replica')
})

/** The secrets that a service has a use for: a pooler's users and certificates, and the authorities that connection strings name. */
function used({ environment = {} }: Service): readonly string[] {
  if (environment.USERS !== undefined)
    return [...environment.USERS.split(' '), 'tls-cert.pem', 'tls-key.pem', 'server-ca.pem']
  const named = Object.values(environment).flatMap((value) => [
    ...value.matchAll(/\/run\/secrets\/([\w.-]+)/g),
  ])
  return [...new Set(named.map(([, name = '']) => name))]
}

describe.each(Object.entries(services))('%s', (_name, service) => {
  it('has the secrets that it uses, and no other', () => {
    expect([...(service.secrets ?? [])].sort()).toEqual([...used(service)].sort())
    for (const secret of service.secrets ?? []) expect(Object.keys(secrets)).toContain(secret)
  })

  it('verifies the name and the signer of every database that it speaks to', () => {
    for (const value of Object.values(service.environment ?? {}))
      if (value.startsWith('postgres://'))
        expect(value).toMatch(/\?sslmode=verify-full&sslrootcert=\/run\/secrets\/[\w-]+-ca\.pem$/)
  })
})
