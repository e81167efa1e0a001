import { mount } from '../../ui/mount.tsx'
import { Start } from './start.tsx'

/** What the server wrote into the page (`server/http/pages.ts`): no request is needed to know it. */
const said = document.getElementById('root')?.dataset

mount(
  <Start
    demo={said?.demo === 'on'}
    setUp={said?.setUp === 'done'}
    guests={said?.guests === 'on'}
    origin={said?.publicUrl || location.origin}
  />,
)
