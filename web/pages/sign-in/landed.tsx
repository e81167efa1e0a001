import { Alert } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { type ErrorCode, errors } from '../../../shared/errors.ts'

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errors, text)

/** Why a round trip to GitHub ended here (`?error=CODE`), as our own sentence: what an address says is nobody's words. */
export function LandedWith() {
  const { error } = useSearch({ strict: false })
  if (error === undefined) return null
  return (
    <Alert color="red" icon={<TriangleAlert aria-hidden />} role="alert">
      {isCode(error) ? errors[error].sentence : 'That sign-in did not work; try again.'}
    </Alert>
  )
}
