import { Title } from '@mantine/core'

export const NewProject = () => <Title order={1}>NewProject</Title>
