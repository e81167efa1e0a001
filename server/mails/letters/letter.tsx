import { Body, Button, Container, Head, Heading, Hr, Html, Link, Preview, Section, Text } from '@react-email/components'
import { Fragment, type ReactNode } from 'react'
import { asTime } from './words.ts'

/** One mail's text. */
export type Letter = {
  /** What it is about; one line. */
  subject: string
  /** What a locked screen may show beside the subject: nothing that only the addressee should know. */
  preview: string
  title: string
  body: ReactNode
  /** The one thing to do: a button, and its address in plain below it. None: there is nothing that a link should open. */
  action?: { label: string; url: string }
  /** Until when the action works, ISO 8601. */
  expiresAt?: string
  /** Why this mail came, and what to do when it should not have. */
  closing: string
}

/** For clients that know it; the others show the light one, whose colours stand on the elements. */
const dark = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background: #0e1218 !important; }
  .card { background: #171c24 !important; border-color: #2a323d !important; }
  .text { color: #e9edf2 !important; }
  .muted, .muted a { color: #a5b0bd !important; }
  .quote { background: #10151c !important; border-color: #6d7887 !important; color: #e9edf2 !important; }
  .button { background: #3465c4 !important; }
  .muted .link { color: #93b6f8 !important; }
  .line { border-color: #2a323d !important; }
}`

const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
const text = {
  color: '#161b23',
  fontSize: 16,
  lineHeight: '24px',
  margin: '0 0 16px',
  wordBreak: 'break-word',
} as const
const muted = {
  color: '#54606f',
  fontSize: 14,
  lineHeight: '20px',
  margin: '0 0 12px',
  wordBreak: 'break-word',
} as const

/** A paragraph. */
export const Say = ({ children }: { children: ReactNode }) => (
  <Text className="text" style={text}>
    {children}
  </Text>
)

/** Somebody's own words, line breaks kept, in the plain text as well. */
export const Quote = ({ words }: { words: string }) => (
  <Text
    className="quote"
    style={{
      ...text,
      background: '#f1f4f8',
      borderLeft: '3px solid #828d9c',
      padding: '12px 16px',
    }}
  >
    {words.split('\n').map((line, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never reordered
      <Fragment key={index}>
        {index > 0 && <br />}
        {line}
      </Fragment>
    ))}
  </Text>
)

const Act = ({ label, url }: { label: string; url: string }) => (
  <>
    <Button
      className="button"
      href={url}
      data-skip-in-text="true"
      style={{
        background: '#234f9f',
        borderRadius: 8,
        color: '#ffffff',
        fontSize: 16,
        fontWeight: 600,
        margin: '8px 0 20px',
        padding: '13px 24px',
      }}
    >
      {label}
    </Button>
    <Text className="muted" style={muted}>
      {label}, or copy this address:
      <br />
      <Link
        className="link"
        href={url}
        style={{ color: '#234f9f', textDecoration: 'underline', wordBreak: 'break-all' }}
      >
        {url}
      </Link>
    </Text>
  </>
)

/** Names and values, a line each; those without a value are left out. */
export const Facts = ({ of }: { of: readonly (readonly [string, string | null])[] }) => (
  <Quote words={of.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])).join('\n')} />
)

/** The sheet that every mail is written on: no image, nothing from another host, readable without its colours. */
export const Sheet = ({ letter, publicUrl }: { letter: Letter; publicUrl: string }) => (
  <Html lang="en">
    <Head>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{letter.subject}</title>
      <style>{dark}</style>
    </Head>
    <Preview>{letter.preview}</Preview>
    <Body className="page" style={{ background: '#f4f6f9', fontFamily: font, margin: 0, padding: '24px 8px' }}>
      <Container
        className="card"
        style={{ background: '#ffffff', border: '1px solid #dde3ea', borderRadius: 12, maxWidth: 560 }}
      >
        <Section style={{ padding: '28px 28px 16px' }}>
          <Text className="muted" style={{ ...muted, fontWeight: 600 }}>
            Countersign
          </Text>
          <Heading
            as="h1"
            className="text"
            style={{ color: '#161b23', fontSize: 22, lineHeight: '30px', margin: '0 0 16px', wordBreak: 'break-word' }}
          >
            {letter.title}
          </Heading>
          {letter.body}
          {letter.action && <Act {...letter.action} />}
          {letter.expiresAt !== undefined && (
            <Text className="muted" style={muted}>
              It works until {asTime(letter.expiresAt)}.
            </Text>
          )}
          <Hr className="line" style={{ borderColor: '#dde3ea', margin: '20px 0 16px' }} />
          <Text className="muted" style={muted}>
            {letter.closing}
          </Text>
          <Text className="muted" style={{ ...muted, margin: 0 }}>
            Sent by Countersign at {publicUrl}
          </Text>
        </Section>
      </Container>
    </Body>
  </Html>
)
