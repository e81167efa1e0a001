import '../../ui/dashboard-styles.ts'
import '../../ui/base.css'
import '../../ui/dashboard.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { calls } from '../../call.ts'
import { router } from '../../routes.ts'
import { dashboardTheme, dashboardVariables } from '../../theme.ts'
import { Mishap } from '../../ui/mishap.tsx'
import { SignInAgain } from '../sign-in/again.tsx'

/** The reply's CSP nonce, for the styles that the UI kit and its scroll lock write. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
setNonce(nonce)

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root.')
createRoot(root).render(
  <MantineProvider
    theme={dashboardTheme}
    cssVariablesResolver={dashboardVariables}
    defaultColorScheme="auto"
    colorSchemeManager={localStorageColorSchemeManager()}
    deduplicateCssVariables={false}
    getStyleNonce={() => nonce}
  >
    <QueryClientProvider client={calls}>
      <Mishap>
        <Notifications position="bottom-right" containerWidth={400} />
        <RouterProvider router={router} />
        <SignInAgain />
      </Mishap>
    </QueryClientProvider>
  </MantineProvider>,
)
