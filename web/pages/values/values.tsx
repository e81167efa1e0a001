import { Title } from '@mantine/core'

export const Values = () => <Title order={1}>Values</Title>
