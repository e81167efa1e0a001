import {
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  TextInput,
} from '@mantine/core'
import css from './ui/input.module.css'

const ink: MantineColorsTuple = [
  '#eef3fc',
  '#dbe5f7',
  '#b5caee',
  '#8fb0f0',
  '#6c95e6',
  '#4a7ad6',
  '#3465c4',
  '#234f9f',
  '#1c3f7c',
  '#142e5c',
]

/** One accent, system fonts, targets of at least 44 px (WCAG 2.5.5) everywhere. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  defaultRadius: 'md',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  respectReducedMotion: true,
  components: {
    Input: Input.extend({ classNames: { input: css.input ?? '' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
  },
})

/** Mantine's defaults for these fail AA in axe; ours are the page's own tokens (`ui/base.css`). */
export const variables: CSSVariablesResolver = () => {
  const scheme = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-error': 'var(--danger-text)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-default-border': 'var(--line-strong)',
  }
  return { variables: {}, light: scheme, dark: scheme }
}

/** Public pages follow the system and keep nothing in the browser's storage. */
export const systemScheme: MantineColorSchemeManager = {
  get: (fallback) => fallback,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
}
