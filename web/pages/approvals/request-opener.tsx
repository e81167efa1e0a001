import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useProject } from '../../project.tsx'
import { Opener } from '../../ui/rows.tsx'
import { askedIn, whatOf } from '../requests/request.tsx'
import type { Approval } from './approval.tsx'

/** What an approval is called in a list: its value's path, or what an agent asks. */
export function nameOf(approval: Approval): string {
  const asked = askedIn(approval)
  return asked ? whatOf(asked) : approval.key_path
}

/** A permission request in a list of approvals: leads to its own page. */
export function RequestOpener({ of: approval }: { of: Approval }) {
  const { id } = useProject()
  const navigate = useNavigate()
  const { approval_id: request } = approval
  return (
    <>
      <Opener
        id={request}
        open={() => void navigate({ to: '/p/$project/requests/$request', params: { project: id, request } })}
      >
        {nameOf(approval)}
      </Opener>
      <div>Permission request</div>
    </>
  )
}

/** Leads on to the page of a request, once: the router's own element navigates again with every drawing. */
export function ToRequest({ request }: { request: string }) {
  const { id } = useProject()
  const navigate = useNavigate()
  useEffect(() => {
    void navigate({ to: '/p/$project/requests/$request', params: { project: id, request }, replace: true })
  }, [navigate, id, request])
  return null
}
