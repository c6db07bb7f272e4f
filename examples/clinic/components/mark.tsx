/** The sign of the platform's clinics. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" className="mark-ground" />
      <path d="M16 8v16M8 16h16" className="mark-cross" />
    </svg>
  )
}
