/** What the seed's people are called, and what is written on their charts. The server draws from these lists by the ids of the rows. */
export const GIVEN_NAMES: readonly string[] = list(`
  Emma Mila Hannah Sofia Lina Marie Clara Ella Ida Frieda Helena Johanna Greta Nora Amelie Leonie Rosa Martha Elisabeth Ingrid
  Noah Leon Paul Jonas Emil Anton Felix Lukas Oskar Theo Jakob Moritz Karl Friedrich Hans Wolfgang Jürgen Matthias Stefan Andreas
  Oliver George Harry Arthur Jack Thomas William Henry Samuel Edward Olivia Isla Ava Florence Grace Ivy Alice Charlotte Mary Margaret
  Amara Yusuf Leyla Mehmet Aylin Omar Priya Arjun Mei Hiroshi Ana Mateo Zofia Piotr Katya Dmitri Chiara Marco Fatima Tariq`)

export const FAMILY_NAMES: readonly string[] = list(`
  Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann
  Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Huber Kaiser Fuchs Peters Lang Scholz
  Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood
  Clarke Khan Edwards Turner Hill Ward Cooper Morris Moore Morgan Bell Murphy Bailey Price Bennett Gray Palmer Shaw Rossi Silva Yılmaz
  Kaya Demir Kowalski Nowak Novák Horváth Popescu Ivanov Nguyen Chen Tanaka Haddad Okafor Mensah Fernández García`)

/** By the kinds of `clinical_records`. */
export const BODIES: Readonly<Record<'note' | 'diagnosis' | 'prescription' | 'result', readonly string[]>> = {
  note: [
    'Feels well. Blood pressure 128/79, pulse 68 and regular. Next check in six months.',
    'Persistent dry cough for three weeks, no fever. Lungs clear on auscultation.',
    'Low back pain after lifting. No neurological deficit. Advised to keep moving, heat, follow-up in ten days.',
    'Travel advice for Kenya: hepatitis A and typhoid vaccination, malaria prophylaxis discussed.',
    'Wound on left forearm healing without signs of infection. Stitches removed.',
    'Sleeps four hours a night since a change of jobs. Sleep hygiene discussed, diary handed out.',
  ],
  diagnosis: [
    'Essential hypertension (I10).',
    'Type 2 diabetes mellitus without complications (E11.9).',
    'Allergic rhinitis due to pollen (J30.1).',
    'Migraine without aura (G43.0).',
    'Hypothyroidism, unspecified (E03.9).',
    'Acute bronchitis (J20.9).',
  ],
  prescription: [
    'Ramipril 5 mg, one tablet in the morning, 100 tablets.',
    'Metformin 500 mg, one tablet twice a day with meals, 120 tablets.',
    'Levothyroxine 75 µg, one tablet 30 minutes before breakfast, 100 tablets.',
    'Cetirizine 10 mg, one tablet in the evening as needed, 50 tablets.',
    'Ibuprofen 400 mg, up to three a day for five days, 20 tablets.',
    'Salbutamol inhaler, two puffs as needed, one device.',
  ],
  result: [
    'HbA1c 6.4 % (46 mmol/mol). Fasting glucose 6.1 mmol/l.',
    'TSH 2.1 mU/l, within the reference range.',
    'ECG: sinus rhythm, 66 a minute, no changes since last year.',
    'Ferritin 18 µg/l, low. Haemoglobin 121 g/l.',
    'Chest X-ray: no infiltrate, heart of normal size.',
    'LDL 3.4 mmol/l, HDL 1.5 mmol/l, triglycerides 1.2 mmol/l.',
  ],
}

/** Who writes records and books appointments. */
export const CLINICIANS: readonly string[] = [
  'Dr. Ruth Adler',
  'Dr. Simon Falk',
  'Dr. Nadia Rahman',
  'Dr. Peter Lindqvist',
  'Nurse Jane Whitcombe',
  'Nurse Tobias Vogt',
]

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
