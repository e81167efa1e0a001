import { TagsInput } from '@mantine/core'
import css from './tags-field.module.css'

type Props = {
  label: string
  description: string
  value: readonly string[]
  put: (tags: string[]) => void
  error: string | undefined
}

/** Tags, each a chip: Enter or a comma ends one, and Backspace takes the last one back. */
export const TagsField = ({ value, put, ...rest }: Props) => (
  <TagsInput
    {...rest}
    size="md"
    classNames={{ pill: css.pill ?? '', pillsList: css.list ?? '' }}
    value={[...value]}
    maxTags={20}
    // What leaves the field unended comes whole, also when it was pasted with commas in it.
    onChange={(tags) => put([...new Set(tags.flatMap((tag) => tag.split(',').flatMap((one) => one.trim() || [])))])}
  />
)
