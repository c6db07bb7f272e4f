import type { Appointment, ClinicalRecord } from './answers.ts'

export const STATUS_WORDS: Readonly<Record<Appointment['status'], string>> = {
  booked: 'Booked',
  arrived: 'You are here',
  done: 'Done',
  cancelled: 'Cancelled',
  missed: 'Missed',
}

export const KIND_WORDS: Readonly<Record<ClinicalRecord['kind'], string>> = {
  note: 'Note',
  diagnosis: 'Diagnosis',
  prescription: 'Prescription',
  result: 'Result',
}

/** A moment in the words of the clinic's own clocks. */
export function momentWords(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...{ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
  }).format(new Date(instant))
}

export function dayWords(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'long' }).format(new Date(instant))
}
