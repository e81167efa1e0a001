import { Title } from '@mantine/core'

export const SignIn = () => <Title order={1}>SignIn</Title>
