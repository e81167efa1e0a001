import { Title } from '@mantine/core'

export const Audit = () => <Title order={1}>Audit</Title>
