import { Title } from '@mantine/core'

export const Settings = () => <Title order={1}>Settings</Title>
