/** A bar beside a figure that says the same: nothing for a screen reader. */
export function Meter({ share, tone = 'plain' }: { readonly share: number; readonly tone?: string }) {
  const width = `${Math.min(100, Math.max(0, share * 100)).toFixed(1)}%`
  return (
    <span className="meter" aria-hidden="true">
      <span className={`meter-fill meter-${tone}`} style={{ width }} />
    </span>
  )
}
