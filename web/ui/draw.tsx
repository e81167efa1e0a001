import './mantine.ts'
import './base.css'
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { systemScheme, theme, variables } from '../theme.ts'
import { Mishap } from './mishap.tsx'

/** The reply's CSP nonce, for the styles that Mantine writes; Vite puts it into this meta element. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''

/** Draws a page that asks the server nothing by queries into `#root`. `plain`: see `mount`. */
export function draw(page: ReactNode, { plain = false } = {}): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no #root.')
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      colorSchemeManager={systemScheme}
      deduplicateCssVariables={false}
      getStyleNonce={nonce}
    >
      <Mishap plain={plain}>{page}</Mishap>
    </MantineProvider>,
  )
}
