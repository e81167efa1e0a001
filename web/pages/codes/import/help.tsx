import { Details } from '../../../ui/details.tsx'
import { Fold } from '../../../ui/fold.tsx'

/** How each app lets its accounts go. */
export const HowToExport = () => (
  <Fold summary="How to export from your app" open={false}>
    <Details
      of={[
        [
          'Google Authenticator',
          'Menu, Transfer accounts, Export accounts. Scan each QR code that it shows, or take pictures of them.',
        ],
        ['Aegis', 'Settings, Import & Export, Export: JSON, with “Encrypt the vault” off.'],
        ['2FAS', 'Settings, 2FAS Backup, Export, without a password.'],
        [
          'Bitwarden',
          'Tools, Export vault: “.json” or “.csv”. Only logins with an authenticator key are taken; passwords are not read.',
        ],
        [
          'Any other',
          'A list of otpauth:// addresses, or a CSV or JSON whose first line or fields are named issuer, name, secret.',
        ],
        ['One account', 'The QR code that a service shows when you turn its two-factor sign-in on.'],
      ]}
    />
    <p>Delete the exported file when you are done: whoever has it has the codes.</p>
  </Fold>
)
