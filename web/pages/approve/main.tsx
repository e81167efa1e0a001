import { mount } from '../../ui/mount.tsx'
import { Approve } from './approve.tsx'

/** The link's token is the last part of its path. It stays there: never in a title, a store or a report. */
const token = location.pathname.split('/').filter(Boolean).at(-1) ?? ''

mount(<Approve token={token} />, { plain: true })
