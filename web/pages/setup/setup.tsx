import { Title } from '@mantine/core'

export const Setup = () => <Title order={1}>Setup</Title>
