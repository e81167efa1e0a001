import { Title } from '@mantine/core'

export const RunThis = () => <Title order={1}>RunThis</Title>
