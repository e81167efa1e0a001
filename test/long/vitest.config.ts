import { defineConfig } from 'vitest/config'
import usual from '../vitest.config.ts'

/** The races at their full size, for a night. */
export default defineConfig({ ...usual, test: { ...usual.test, include: ['test/long/**/*.test.ts'] } })
