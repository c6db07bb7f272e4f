import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

/** What the three apps have in common. */
export const nextConfig: NextConfig = {
  // Loaded by Node, as in the services. Turbopack bundles a package that is linked from the workspace all the same, so what leasehold
  // loads only when it is asked to stands here by itself.
  serverExternalPackages: [
    'leasehold',
    'pg',
    'kysely',
    'ioredis',
    'oxc-parser',
    '@aws-sdk/client-s3',
    'hyparquet',
    'hyparquet-writer',
  ],
  // These are TypeScript that runs unbuilt.
  transpilePackages: ['@clinic/kit', '@clinic/schema', '@clinic/web'],
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  // Types are checked by `tsc -p`.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'same-origin' },
        ],
      },
    ]
  },
}
