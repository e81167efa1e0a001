import { ChevronDown, ChevronRight, FileText, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Opener } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { guardsOf, useGuards } from './guards.ts'
import css from './values.module.css'

export type Value = Answers['values']['get']
type Listed = Answers['values']['list']['items'][number]

/** What stands directly below a prefix: values, and the folders of deeper ones. */
export function split(prefix: string, items: readonly Listed[]): { folders: string[]; values: Listed[] } {
  const folders = new Set<string>()
  const values: Listed[] = []
  for (const item of items) {
    const rest = item.key_path.slice(prefix.length)
    const slash = rest.indexOf('/')
    if (slash < 0) values.push(item)
    else folders.add(rest.slice(0, slash))
  }
  values.sort((a, b) => (a.key_path < b.key_path ? -1 : 1))
  return { folders: [...folders].sort(), values }
}

/** The values below a prefix, read a hundred at a time. */
export function useLevel(prefix: string) {
  const { id, api } = useProject()
  return usePages(['values', id, 'list', prefix], (cursor) =>
    api.values.list.query({ ...(prefix === '' ? {} : { prefix }), limit: 100, ...cursor }),
  )
}

type LevelProps = { prefix: string; pages: ReturnType<typeof useLevel>; open: (keyPath: string) => void }

/** One level of the tree; a folder is read when it is opened. */
export const Level = ({ prefix, pages, open }: LevelProps) => (
  <Reading of={{ ...pages, data: pages.items }} bones={3} height={40}>
    {(items) => {
      const { folders, values } = split(prefix, items)
      return (
        <ul className={css.tree}>
          {folders.map((folder) => (
            <Folder key={folder} prefix={prefix} name={folder} open={open} />
          ))}
          {values.map((value) => (
            <li key={value.key_path} className={css.line}>
              <span>
                <FileText aria-hidden size={16} />{' '}
                <Opener id={value.key_path} open={() => open(value.key_path)}>
                  {value.key_path.slice(prefix.length)}
                </Opener>{' '}
                {value.only_by_approval && <OnlyByApproval />}
              </span>
              <span className={css.text}>{visible(value.value ?? '').slice(0, 200)}</span>
              <span className={css.meta}>version {value.version}</span>
              <span className={css.meta}>
                <When iso={value.updated_at} /> by {visible(value.updated_by.name)}
              </span>
            </li>
          ))}
          {pages.more && (
            <li>
              <button type="button" className={css.more} disabled={pages.moreUnderway} onClick={pages.more}>
                {pages.moreUnderway ? 'Loading…' : `Show more below ${prefix || 'the top'}`}
              </button>
            </li>
          )}
        </ul>
      )
    }}
  </Reading>
)

const OnlyByApproval = () => (
  <Mark icon={ShieldCheck} tone="quiet">
    Only by approval
  </Mark>
)

function Folder({ prefix, name, open }: { prefix: string; name: string; open: (keyPath: string) => void }) {
  const [opened, setOpened] = useState(false)
  const Icon = opened ? ChevronDown : ChevronRight
  const guarded = guardsOf(`${prefix}${name}`, useGuards().data).length > 0
  return (
    <li>
      <button
        type="button"
        className={css.folder}
        data-row={`${prefix}${name}/`}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <Icon aria-hidden size={18} />
        {name}/ {guarded && <OnlyByApproval />}
      </button>
      {opened && <Below prefix={`${prefix}${name}/`} open={open} />}
    </li>
  )
}

function Below({ prefix, open }: { prefix: string; open: (keyPath: string) => void }) {
  return <Level prefix={prefix} pages={useLevel(prefix)} open={open} />
}
