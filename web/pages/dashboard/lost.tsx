import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Card, Shell } from '../../ui/shell.tsx'

/** An address that leads nowhere, or into a project of others: nobody can tell which. */
export const Lost = () => (
  <Shell>
    <Card>
      <Stack gap="sm">
        <Title order={1}>Nothing here</Title>
        <Text>
          The address leads nowhere, or into a project that you do not belong to. Whoever sent you here can invite you.
        </Text>
        <Anchor href="/p">Go to your projects</Anchor>
      </Stack>
    </Card>
  </Shell>
)
