import { SegmentedControl } from '@mantine/core'

type Env = 'live' | 'test'

/** Which of a project's two worlds a key is for. */
export const LiveOrTest = ({ value, put }: { value: Env; put: (env: Env) => void }) => (
  <SegmentedControl
    aria-label="Live or test"
    value={value}
    data={[
      { value: 'live', label: 'Live' },
      { value: 'test', label: 'Test' },
    ]}
    onChange={(env) => put(env === 'test' ? 'test' : 'live')}
  />
)
