import { Title } from '@mantine/core'

export const Keys = () => <Title order={1}>Keys</Title>
