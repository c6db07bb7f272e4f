const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const short = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 })

/** `12,345`. */
export function count(value: number): string {
  return whole.format(value)
}

/** `0.4`, `12.5`, `1,230`. */
export function rate(value: number): string {
  return value >= 100 ? whole.format(value) : tenths.format(value)
}

/** `45.5 %`, `0.2 %`; the space does not break. */
export function percent(share: number): string {
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(1) : whole.format(value)}\u00a0%`
}

/** `0.8 ms`, `14 ms`, `1.2 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(ms >= 10_000 ? 0 : 1)}\u00a0s`
  if (ms === 0) return '0\u00a0ms'
  return `${ms >= 10 ? whole.format(ms) : ms.toFixed(1)}\u00a0ms`
}

/** `512 B`, `3.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1)
  return `${short.format(value / 1_000 ** power)}\u00a0${units[power]}`
}

/** `45 s`, `12 min`, `3 h 20 min`, `5 d 2 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${whole.format(seconds)}\u00a0s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes}\u00a0min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours}\u00a0h ${minutes % 60}\u00a0min`
  return `${Math.floor(hours / 24)}\u00a0d ${hours % 24}\u00a0h`
}
