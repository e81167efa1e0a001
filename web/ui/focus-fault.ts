import { useEffect, useRef } from 'react'
import type { Fault } from '../parts/fault.ts'

/** For a form: after each refusal the focus goes to its first field that is wrong, wherever the form was scrolled to. */
export function useFocusFault(fault: Fault | undefined) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (fault) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [fault])
  return form
}
