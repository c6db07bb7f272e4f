import type { Page, Request } from 'playwright-core'
import type { Answer, EdgeClient } from '../../../examples/platform/load/edge-client.ts'

/** A form or server action as a browser sent it. */
export interface RecordedPost {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Headers that say who sent it and on which connection. */
const NOT_REPLAYED = new Set([
  'cookie',
  'host',
  'connection',
  'content-length',
  'origin',
  'referer',
  'accept-encoding',
])

/** Writes down what a page posts, while `work` is done. */
export async function recordPosts(page: Page, work: () => Promise<void>): Promise<readonly RecordedPost[]> {
  const posts: Promise<RecordedPost>[] = []
  const note = (request: Request) => {
    if (request.method() === 'POST') posts.push(recorded(request))
  }
  page.on('request', note)
  try {
    await work()
  } finally {
    page.off('request', note)
  }
  return Promise.all(posts)
}

/** Sends it again, on another host or as somebody else, as if from a page of that host, or of another where `origin` names one. */
export function replay(
  client: EdgeClient,
  post: RecordedPost,
  {
    host,
    port,
    cookie,
    path = post.path,
    origin = `http://${host}:${port}`,
  }: {
    readonly host: string
    readonly port: number
    readonly cookie: string
    readonly path?: string
    readonly origin?: string
  },
): Promise<Answer> {
  return client.call({
    host,
    method: 'POST',
    path,
    headers: { ...post.headers, cookie, origin, referer: `${origin}${path}` },
    raw: post.body,
  })
}

async function recorded(request: Request): Promise<RecordedPost> {
  const headers = Object.entries(await request.allHeaders()).filter(
    ([name]) => !NOT_REPLAYED.has(name) && !name.startsWith(':') && !name.startsWith('sec-'),
  )
  const { pathname, search } = new URL(request.url())
  return {
    path: `${pathname}${search}`,
    headers: Object.fromEntries(headers),
    body: request.postDataBuffer() ?? Buffer.alloc(0),
  }
}
