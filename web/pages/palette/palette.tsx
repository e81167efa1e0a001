import '@mantine/spotlight/styles.css'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useFocusBack } from '../../ui/focus-back.ts'
import { useFound } from './found.tsx'
import { useOffered } from './offered.tsx'
import css from './palette.module.css'

/** Everything by name: pages, projects, keys, agents, approvals, and what can be done from anywhere. */
export function Palette({ close, help }: { close: () => void; help: () => void }) {
  const [query, setQuery] = useState('')
  const offered = useOffered(help)
  const found = useFound(query)
  useFocusBack(true)
  useEffect(() => spotlight.open(), [])
  return (
    <Spotlight
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={close}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Go to anything' } }}
      className={css.palette ?? ''}
      actions={[...offered, ...found.groups]}
      nothingFound={found.busy ? 'Looking…' : 'Nothing by that name'}
      highlightQuery={false}
      scrollable
      maxHeight={420}
      limit={30}
      searchProps={{
        leftSection: <Search aria-hidden size={18} />,
        placeholder: 'Page, project, key, approval or action…',
        'aria-label': 'Go to',
      }}
    />
  )
}
