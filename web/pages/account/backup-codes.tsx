import { Button, Stack } from '@mantine/core'
import { CopyLine } from '../../ui/copy.tsx'
import css from './account.module.css'

/** Codes that are shown once. */
export const BackupCodes = ({ codes, done }: { codes: readonly string[]; done: () => void }) => (
  <Stack gap="md">
    <p>
      <strong>Keep these where your phone is not.</strong> Each signs you in once, in place of the app’s code. They are
      not shown again.
    </p>
    <ul className={css.codes}>
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ul>
    <CopyLine what="the backup codes" text={codes.join('\n')} shown={`${codes.length} codes`} />
    <Button onClick={done}>I have stored them</Button>
  </Stack>
)
