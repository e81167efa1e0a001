import { draw } from '../../ui/draw.tsx'
import { GuestForm } from './guest-form.tsx'
import { Off } from './off.tsx'

/** Written into the page by the server (`server/http/pages.ts`): no request is needed to know it. */
const open = document.getElementById('root')?.dataset.guests === 'on'

draw(open ? <GuestForm /> : <Off />)
