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

/** A colour's quiet look (badges, alerts, light buttons) from tokens that pass AA in both schemes. */
const quiet = (name: string, wash: string, words: string) => ({
  [`--mantine-color-${name}-light`]: `var(--${wash})`,
  [`--mantine-color-${name}-light-hover`]: `var(--${wash})`,
  [`--mantine-color-${name}-light-color`]: `var(--${words})`,
  [`--mantine-color-${name}-text`]: `var(--${words})`,
})

const filled = (name: string, token: string) => ({
  [`--mantine-color-${name}-filled`]: `var(--${token})`,
  [`--mantine-color-${name}-filled-hover`]: `var(--${token}-hover)`,
})

/** The public pages' tokens, and those that only the dashboard's components ask for. */
export const dashboardVariables: CSSVariablesResolver = (given) => {
  const { light } = variables(given)
  const scheme = {
    ...light,
    ...quiet('ink', 'info', 'on-info'),
    ...quiet('blue', 'info', 'on-info'),
    ...quiet('red', 'danger-wash', 'danger-text'),
    ...quiet('yellow', 'warning-wash', 'warning-text'),
    ...quiet('orange', 'warning-wash', 'warning-text'),
    ...quiet('green', 'ok-wash', 'ok-text'),
    ...quiet('teal', 'ok-wash', 'ok-text'),
    ...quiet('gray', 'neutral', 'text'),
    ...filled('red', 'danger'),
    ...filled('ink', 'accent'),
    '--mantine-color-default': 'var(--card)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-disabled': 'var(--neutral)',
    '--mantine-color-disabled-color': 'var(--muted)',
  }
  return { variables: {}, light: scheme, dark: scheme }
}

/** Greys of the dark scheme, from text to page, as `ui/base.css` has them. */
const dark: MantineColorsTuple = [
  '#e9edf2',
  '#a5b0bd',
  '#8894a3',
  '#6d7887',
  '#3a4552',
  '#2c3541',
  '#1d242e',
  '#171c24',
  '#10151c',
  '#0e1218',
]

/** The dashboard's theme: the pages', with smaller controls on desks (`ui/dashboard.css` enlarges them on phones). */
export const dashboardTheme = createTheme({
  ...theme,
  colors: { ...theme.colors, dark },
  components: {
    ...theme.components,
    NativeSelect: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
})
