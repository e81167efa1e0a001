import { Title } from '@mantine/core'

export const Account = () => <Title order={1}>Account</Title>
