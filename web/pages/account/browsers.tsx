import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { clientOf } from '../../call.ts'
import { useChange } from '../../change.ts'
import { Fault } from '../../parts/fault.ts'
import { beTold, canBeTold, keepAs, knownAs } from '../../parts/push.ts'
import { readingOf } from '../../parts/query.ts'
import { Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import css from './account.module.css'
import type { Me } from './account.tsx'
import { deviceIn } from './device.ts'

type Project = Me['projects'][number]

/** Browsers that are notified of what waits for a decision, project by project. */
export const Browsers = ({ me }: { me: Me }) => (
  <Section
    title="Notifications"
    lead="A browser that tells you when something waits for your decision, also while no page is open. Nothing is decided from there."
  >
    {!canBeTold() && (
      <p className={css.quiet}>
        This browser cannot be notified here: it takes https, and on an iPhone this page on the home screen.
      </p>
    )}
    {me.projects.map((project) => (
      <OfProject key={project.id} project={project} />
    ))}
  </Section>
)

/** What the browser throws becomes a sentence. */
async function placeFor(publicKey: string) {
  try {
    return await beTold(publicKey)
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'NotAllowedError')
      throw new Fault('INVALID_INPUT', 'This browser does not allow notifications here; allow them in its settings.')
    throw new Fault('UNAVAILABLE', 'This browser’s push service did not answer; try again, or use another browser.')
  }
}

function OfProject({ project }: { project: Project }) {
  const api = clientOf(project.id)
  const queryKey = ['push', project.id]
  const browsers = useQuery({ queryKey, queryFn: () => api.push.get.query({}) })
  const begin = useChange({
    run: async (publicKey: string) => {
      const told = await placeFor(publicKey)
      const made = await api.push.subscribe.mutate({ ...told, name: deviceIn(navigator.userAgent) })
      keepAs(project.id, made.id)
    },
    says: `This browser is notified of ${project.name}.`,
    stale: [queryKey],
  })
  const end = useChange({
    run: (id: string) => api.push.unsubscribe.mutate({ id }),
    says: 'That browser is not notified any more.',
    stale: [queryKey],
  })
  const test = useChange({
    run: (id: string) => api.push.test.mutate({ id }),
    says: ({ delivered }) =>
      delivered
        ? 'Sent; it shows in a moment.'
        : 'The push service did not take it; remove this browser and add it again.',
    stale: [queryKey],
  })
  return (
    <Reading of={readingOf(browsers)} bones={1}>
      {({ public_key: publicKey, items }) => {
        const here = items.find(({ id }) => id === knownAs(project.id))
        return (
          <>
            <Group justify="space-between" my="xs">
              <strong>{project.name}</strong>
              {canBeTold() && !here && (
                <Button
                  variant="default"
                  loading={begin.busy}
                  onClick={() => void begin.go(publicKey)}
                  aria-label={`Notify this browser of ${project.name}`}
                >
                  Notify this browser
                </Button>
              )}
            </Group>
            <ul className={css.list}>
              {items.map((one) => (
                <li key={one.id} className={css.item}>
                  <div>
                    <strong>{one.name}</strong>
                    {one === here && <span className={css.on}>&nbsp;· this one</span>}
                    <div className={css.quiet}>
                      since <When iso={one.created_at} />
                      {one.failing && ' · the last message did not arrive'}
                    </div>
                  </div>
                  <Group gap="xs">
                    <Button
                      variant="default"
                      loading={test.busy}
                      onClick={() => void test.go(one.id)}
                      aria-label={`Test ${one.name} in ${project.name}`}
                    >
                      Test
                    </Button>
                    <Button
                      variant="default"
                      loading={end.busy}
                      onClick={() => void end.go(one.id)}
                      aria-label={`Remove ${one.name} from ${project.name}`}
                    >
                      Remove
                    </Button>
                  </Group>
                </li>
              ))}
            </ul>
          </>
        )
      }}
    </Reading>
  )
}
