import { CopyLine } from '../../ui/copy.tsx'

/** The new key, as long as this page lives; or where to get another one. */
export const FirstKey = ({ text, origin }: { text: string | undefined; origin: string }) =>
  text === undefined ? (
    <p>The key was shown when it was made, and never again. If you did not keep it, make another under API keys.</p>
  ) : (
    <>
      <p>
        <strong>Keep it now: it is not shown again.</strong>
      </p>
      <CopyLine what="the API key" text={text} />
      <CopyLine what="the lines for an .env file" text={`COUNTERSIGN_URL=${origin}\nCOUNTERSIGN_API_KEY=${text}`} />
    </>
  )
