import { Title } from '@mantine/core'

export const Inbox = () => <Title order={1}>Inbox</Title>
