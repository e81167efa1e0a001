import { Title } from '@mantine/core'

export const ResetPassword = () => <Title order={1}>ResetPassword</Title>
