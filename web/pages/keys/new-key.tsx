import { Title } from '@mantine/core'

export const NewKey = () => <Title order={1}>NewKey</Title>
