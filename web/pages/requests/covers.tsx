import { visible } from '../../../shared/visible.ts'
import { Notice } from '../../ui/sheet.tsx'
import { type Request, whatOf } from './request.tsx'

/** What a yes for a while covers, before it is given. `until`: in the reader's words. */
export const Covers = ({ request, less, until }: { request: Request; less: boolean; until: string }) => (
  <Notice warn>
    Until {until} every request of <strong>{visible(request.agent.name)}</strong> for <code>{whatOf(request)}</code>{' '}
    with exactly the scope that is asked here is approved at once, and nobody is asked.{' '}
    {less && 'It is allowed as little as you allow now. '}
    Any other action, resource or scope is asked for as before. Each use is on record, and you can end it at any time.
  </Notice>
)
