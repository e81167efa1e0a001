import { visible } from '../../../shared/visible.ts'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import css from './keys.module.css'
import { type Logged, StatusOf } from './log.tsx'

type Props = { row: Logged | undefined; requestId: string; close: () => void }

/** One row of the access log, with its bodies where they were kept. */
export const RequestDrawer = ({ row, requestId, close }: Props) => (
  <Dialog opened drawer size="lg" close={close} title={row ? `${row.method} ${row.route}` : 'Request'}>
    {row ? (
      <>
        <Details
          of={[
            ['Status', <StatusOf key="status" row={row} />],
            ['When', <When key="at" iso={row.at} />],
            ['Key', visible(row.key_name)],
            ['From', <Take key="ip" text={row.ip} what="the address" />],
            ['Took', `${row.ms} ms`],
            ['Received', `${row.bytes_in} bytes`],
            ['Sent', `${row.bytes_out} bytes`],
            ['Request id', <Take key="id" text={row.request_id} what="the request’s id" />],
          ]}
        />
        <Part title="Request body">
          <Body text={row.request_body} />
        </Part>
        <Part title="Reply’s body">
          <Body text={row.response_body} />
        </Part>
      </>
    ) : (
      <Empty title="Not among the rows shown">
        The request {visible(requestId)} is older than what was read, filtered out, or no longer kept.
      </Empty>
    )}
  </Dialog>
)

const Body = ({ text }: { text: string | null }) =>
  text === null ? (
    <p className={css.small}>Not kept: the key’s settings say which bodies are.</p>
  ) : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <pre tabIndex={0} className={css.body}>
      {visible(text)}
    </pre>
  )
