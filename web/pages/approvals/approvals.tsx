import { Title } from '@mantine/core'

export const Approvals = () => <Title order={1}>Approvals</Title>
