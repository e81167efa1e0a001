import { Title } from '@mantine/core'

export const NewApproval = () => <Title order={1}>NewApproval</Title>
