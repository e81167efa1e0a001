import { CopyLine } from '../../ui/copy.tsx'
import { curl } from './curl.ts'
import css from './start.module.css'

const make = 'npm run -s cli -- project:create --name demo\nnpm run -s cli -- key:create --project demo --preset write'

/** From nothing to the first answered approval, on the command line (seed 0's Quick Start). */
export const Keys = ({ origin }: { origin: string }) => (
  <div className={css.lines}>
    <p>Make a project and a key, on the machine that runs this service. The key is shown once.</p>
    <CopyLine what="the commands that make a key" text={make} />
    <p>Create an approval link.</p>
    <CopyLine what="the command that creates an approval" text={curl.create(origin)} />
    <p>Open the link it answers with, press the button, and read the value.</p>
    <CopyLine what="the command that reads the value" text={curl.read(origin, 'YOUR_API_KEY')} />
  </div>
)
