import { Button, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import type { Change } from '../../change.ts'
import { Problem } from '../../ui/problem.tsx'
import type { Wish } from './saving.ts'

type Props = { save: Change<Wish>; wish: Wish; changed: boolean; manages: boolean; children: ReactNode }

/** Fields and one button, which is there for who may change them. */
export function SaveForm({ save, wish, changed, manages, children }: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save.go(wish)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {children}
        {save.fault && save.fault.issues.length === 0 && <Problem fault={save.fault} />}
        {manages && (
          <Button type="submit" loading={save.busy} disabled={!changed} style={{ alignSelf: 'flex-start' }}>
            Save
          </Button>
        )}
      </Stack>
    </form>
  )
}
