import { draw } from '../../ui/draw.tsx'
import { AnswerPage } from './answer.tsx'

/** The link's token is a part of its path. It stays there: never in a title, a store or a report. */
const token = location.pathname.split('/')[2] ?? ''

draw(<AnswerPage token={token} />)
