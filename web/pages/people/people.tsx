import { Title } from '@mantine/core'

export const People = () => <Title order={1}>People</Title>
