import { draw } from '../../ui/draw.tsx'
import { ReceiptPage } from './receipt.tsx'

/** The receipt's key is a part of its path. It stays there: never in a title, a store or a report. */
const metadataKey = location.pathname.split('/')[2] ?? ''

draw(<ReceiptPage metadataKey={metadataKey} />)
