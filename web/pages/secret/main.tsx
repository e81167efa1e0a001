import { draw } from '../../ui/draw.tsx'
import { SecretPage } from './secret.tsx'

/** The link's key is a part of its path. It stays there: never in a title, a store or a report. */
const secretKey = location.pathname.split('/')[2] ?? ''

draw(<SecretPage secretKey={secretKey} />)
