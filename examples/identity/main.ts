import { readEnv, serve, variables } from '@clinic/kit'
import { seededAccounts } from '@clinic/schema/seed'
import { z } from 'zod'
import { createIdentity } from './identity.ts'

const env = readEnv({
  HOST: variables.HOST,
  PORT: variables.PORT,
  IDENTITY_URL: variables.IDENTITY_URL,
  /** Of every account. Whoever starts the platform draws it. */
  DEMO_PASSWORD: z.string().min(8, 'must be at least 8 characters'),
  /** Clinics whose staff can sign in. */
  CLINICS: z.coerce.number().int().min(3).max(200).default(50),
})

const app = await createIdentity({
  url: env.IDENTITY_URL,
  password: env.DEMO_PASSWORD,
  accounts: seededAccounts(env.CLINICS),
})
await serve({
  service: 'identity',
  listen: () => app.listen({ host: env.HOST, port: env.PORT }),
  close: () => app.close(),
})
