import { lazy, Suspense } from 'react'
import { useAsking } from '../../prove.ts'

const ProveDialog = lazy(() => import('./prove-dialog.tsx').then(({ ProveDialog: Dialog }) => ({ default: Dialog })))

/** The dialog "Sign in again", over any page, when something asks for it (`prove.ts`). */
export function SignInAgain() {
  const asking = useAsking()
  if (!asking) return null
  return (
    <Suspense fallback={null}>
      <ProveDialog settle={asking.settle} />
    </Suspense>
  )
}
