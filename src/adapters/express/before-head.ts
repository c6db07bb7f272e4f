import type { ServerResponse } from 'node:http'

/** Calls back at the last moment at which a header can be added, and once. Headers that are given to writeHead() are there by then. */
export function beforeHead(response: ServerResponse, callback: () => void): void {
  const { writeHead } = response
  let isCalled = false
  const write = (status: number, ...rest: unknown[]) => {
    const message = typeof rest[0] === 'string' ? [rest.shift()] : []
    if (isCalled || response.headersSent) return forward(status, ...message, ...rest)
    isCalled = true
    // Given to writeHead() they would take the place of those of the same name.
    setAll(response, rest[0])
    callback()
    return forward(status, ...message)
  }
  const forward = (...args: unknown[]) =>
    Reflect.apply(writeHead as (...args: unknown[]) => unknown, response, args)
  Object.defineProperty(response, 'writeHead', { value: write, configurable: true, writable: true })
}

/** Sets headers in a form that writeHead() takes: an object, names and values in turn, or pairs of them. */
function setAll(response: ServerResponse, headers: unknown): void {
  if (!headers || typeof headers !== 'object') return
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    return
  }
  const flat: unknown[] = headers.some(Array.isArray) ? headers.flat() : headers
  const names = flat.filter((_, index) => index % 2 === 0).map(String)
  for (const name of names) response.removeHeader(name)
  for (const [index, name] of names.entries()) {
    const value = flat[2 * index + 1]
    response.appendHeader(name, value as string)
  }
}
