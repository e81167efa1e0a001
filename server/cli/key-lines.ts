/** A new key as a person needs it: its text, and lines of a .env file. */
export const keyLines = (url: string, key: string): string[] => [
  key,
  '',
  'This key is shown once. As lines of a .env file:',
  `COUNTERSIGN_URL=${url}`,
  `COUNTERSIGN_API_KEY=${key}`,
]
