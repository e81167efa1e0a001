import { CopyLine } from '../../ui/copy.tsx'
import { Qr } from '../../ui/qr.tsx'
import { Notice } from '../../ui/sheet.tsx'
import type { Receipt } from './reading.ts'
import css from './receipt.module.css'

/** The link for the recipient. Of a secret that a browser encrypted the server does not know the end of it. */
export function ShareLink({ receipt }: { receipt: Receipt }) {
  const link = receipt.secret_key ? `${location.origin}/s/${receipt.secret_key}` : undefined
  return (
    <section className={css.part} aria-labelledby="share">
      <h2 id="share">Share this link</h2>
      {receipt.encrypted_by === 'browser' ? (
        <Notice>
          Only the full link that was shown when the secret was made opens it: its end, after #, is the key, and this
          server never had it.
        </Notice>
      ) : link ? (
        <>
          <p className={css.hint}>
            For the recipient. Whoever opens it first reads the secret.
            {receipt.passphrase_required && ' Send the passphrase another way, as by phone.'}
          </p>
          <CopyLine what="the link to share" text={link} />
          <details className={css.more}>
            <summary>Show it as a QR code</summary>
            <Qr text={link} label="QR code of the link to share" />
          </details>
        </>
      ) : (
        <p className={css.hint}>The link was shown when the secret was made.</p>
      )}
    </section>
  )
}

/** This page's own link. */
export const KeepReceipt = ({ open }: { open: boolean }) => (
  <section className={css.part} aria-labelledby="keep">
    <h2 id="keep">Private receipt, keep</h2>
    <p className={css.hint}>
      For you. It shows what becomes of the secret{open && ', and can burn it'}; it never shows the secret itself.
    </p>
    <CopyLine what="the private receipt" text={location.origin + location.pathname} />
  </section>
)
