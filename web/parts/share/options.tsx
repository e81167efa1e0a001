import { TextInput } from '@mantine/core'
import { Button } from '../../ui/button.tsx'
import { CheckField, FileField } from '../../ui/fields.tsx'
import { Fold } from '../../ui/fold.tsx'
import { newPassphrase } from './password.ts'
import css from './share.module.css'
import { TtlField } from './ttl-field.tsx'
import { canEncrypt, fileFault, isByBrowser, type Wish } from './wish.ts'

export type OptionsProps = {
  wish: Wish
  put: (words: Partial<Wish>) => void
  at: (field: string) => string | undefined
  /** What a member of a project may wish beside what a guest may; `mail`: whether the instance sends mail. */
  member: { mail: boolean } | undefined
}

/** Why the browser encrypts, or does not. */
function encryptionWords(wish: Wish): string {
  if (!canEncrypt()) return 'Not possible here: this page did not come over HTTPS. The server encrypts it instead.'
  if (wish.recipient.trim() !== '')
    return 'Off: the server mails the link to the recipient, so it has to know all of it, the key too.'
  return 'The key stands in the link only, behind the #, which is sent to nobody: the server keeps what it cannot read.'
}

/** Everything that a secret does not need; folded away. */
export function Options({ wish, put, at, member }: OptionsProps) {
  const wrong = ['passphrase', 'ttl', 'recipient', 'memo', 'file'].some((field) => at(field) !== undefined)
  const file = fileFault(wish) ?? at('file')
  return (
    <Fold summary="Time, passphrase, file and more" open={wrong || file !== undefined}>
      <TtlField label="Can be read for" seconds={wish.ttl} put={(ttl) => put({ ttl })} error={at('ttl')} />
      <div className={css.beside}>
        <TextInput
          label="Passphrase"
          description="Asked for before it is shown. Send it another way than the link."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={wish.passphrase}
          error={at('passphrase')}
          onChange={(event) => put({ passphrase: event.currentTarget.value })}
        />
        <Button onClick={() => put({ passphrase: newPassphrase() })}>Generate one</Button>
      </div>
      <CheckField
        label="Encrypt in this browser"
        description={encryptionWords(wish)}
        checked={isByBrowser(wish)}
        disabled={!canEncrypt() || wish.recipient.trim() !== ''}
        put={(browser) => put({ browser })}
      />
      {canEncrypt() && (
        <FileField
          label="A file"
          description="One, at most 5 MiB; encrypted in this browser."
          error={file}
          put={(chosen) => put({ file: chosen })}
        />
      )}
      {member && <ForMembers wish={wish} put={put} at={at} mail={member.mail} />}
    </Fold>
  )
}

const ForMembers = ({ wish, put, at, mail }: Omit<OptionsProps, 'member'> & { mail: boolean }) => (
  <>
    {mail && (
      <>
        <TextInput
          label="Recipient’s e-mail address"
          description="Is sent the link, never the secret. The server encrypts it then."
          type="email"
          autoComplete="off"
          value={wish.recipient}
          error={at('recipient')}
          onChange={(event) => put({ recipient: event.currentTarget.value })}
        />
        <CheckField
          label="Tell me when it is read"
          description="By mail, and also when nobody read it in time."
          checked={wish.tellMe}
          put={(tellMe) => put({ tellMe })}
        />
      </>
    )}
    <TextInput
      label="Name in the list"
      description="Seen by everybody in the project; not part of the secret."
      autoComplete="off"
      value={wish.memo}
      error={at('memo')}
      onChange={(event) => put({ memo: event.currentTarget.value })}
    />
  </>
)
