import { defineConfig } from 'vite'
import { pagesConfig } from './vite.config.ts'

/** The dashboard, built apart: chunks shared with it would make every public page carry what only it needs. */
export default defineConfig(pagesConfig({ dashboard: `${import.meta.dirname}/dashboard.html` }, 'dashboard-assets'))
