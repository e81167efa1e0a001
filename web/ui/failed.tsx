import { Alert, Button, Code, Stack, Text } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { faultOf } from '../parts/fault.ts'

/** What stands in place of something that could not be read: what, why, which request, and trying again. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const fault = faultOf(error)
  return (
    <Alert color="red" variant="light" icon={<TriangleAlert aria-hidden />} title="This could not be loaded">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{fault.message}</Text>
        {fault.requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{fault.requestId}</Code>
          </Text>
        )}
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  )
}

/** The same for a whole page. */
export function Failed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter()
  return (
    <main style={{ maxWidth: '40rem', margin: '4rem auto', padding: '0 1rem' }}>
      <Failure
        error={error}
        retry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </main>
  )
}
