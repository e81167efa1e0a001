import { Title } from '@mantine/core'

export const Join = () => <Title order={1}>Join</Title>
