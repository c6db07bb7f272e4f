/** The name in lower case, as Fastify and Node keep it. */
export const CACHE_CONTROL = 'cache-control'

/**
 * What the answer to a request of a tenant says to caches, where the application says nothing. To a shared cache that is leave to keep
 * it: by its age, or, as content delivery networks do, by how the path ends.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#name-calculating-heuristic-fresh
 */
export const PRIVATE = 'private, no-store'

/** A response as it is, or one that says to caches that it is nobody else's. */
export function keepPrivate(response: Response): Response {
  if (response.headers.has(CACHE_CONTROL)) return response
  try {
    response.headers.set(CACHE_CONTROL, PRIVATE)
    return response
  } catch {
    // Headers of an answer that was fetched, and of Response.redirect(), cannot be changed.
    const changed = new Response(response.body, response)
    changed.headers.set(CACHE_CONTROL, PRIVATE)
    return changed
  }
}
