import { Checkbox, TextInput } from '@mantine/core'
import { visible } from '../../../shared/visible.ts'
import { type Entered, type Path, placeOf } from './narrowing.ts'
import css from './requests.module.css'
import { plain, Value } from './tree.tsx'

type Json = Record<string, unknown>

type Props = {
  asked: Json
  entered: Entered
  change: (entered: Entered) => void
  /** What is wrong, by place; what the server refused stands under the same places. */
  faults: Readonly<Record<string, string>>
  refused: (field: string) => string | undefined
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The scope as a form in which everything can only become less. */
export const Narrow = (props: Props) => (
  <div className={css.narrow}>
    <p className={css.small}>Untick what it may not do, and lower numbers. All else stays as it was asked.</p>
    <Fields {...props} of={props.asked} path={[]} />
  </div>
)

const Fields = ({ of, path, ...props }: Props & { of: Json; path: Path }) => (
  <>
    {Object.entries(of).map(([name, value]) => (
      <Field key={name} {...props} name={name} value={value} path={[...path, name]} />
    ))}
  </>
)

function Field({ name, value, path, ...props }: Props & { name: string; value: unknown; path: Path }) {
  const { entered, change, faults, refused } = props
  const place = placeOf(path)
  const fault = faults[place] ?? refused(`scope.${path.join('.')}`)
  const toggle = (at: string) => {
    const off = new Set(entered.off)
    if (!off.delete(at)) off.add(at)
    change({ ...entered, off })
  }
  if (isObject(value) && Object.keys(value).length > 0)
    return (
      <fieldset className={css.group}>
        <legend>{visible(name)}</legend>
        <Fields {...props} of={value} path={path} />
      </fieldset>
    )
  if (Array.isArray(value) && value.length > 1)
    return (
      <fieldset className={css.group}>
        <legend>{visible(name)}</legend>
        {value.map((item, at) => (
          <Checkbox
            key={placeOf([...path, at])}
            label={typeof item === 'object' ? <Value of={item} /> : plain(item)}
            checked={!entered.off.has(placeOf([...path, at]))}
            onChange={() => toggle(placeOf([...path, at]))}
          />
        ))}
        {fault && <p className={css.fault}>{fault}</p>}
      </fieldset>
    )
  if (value === true)
    return (
      <Checkbox label={visible(name)} error={fault} checked={!entered.off.has(place)} onChange={() => toggle(place)} />
    )
  if (typeof value === 'number' && value !== 0)
    return (
      <TextInput
        label={visible(name)}
        description={`Asked: ${value}. May only come nearer to 0.`}
        inputMode="decimal"
        autoComplete="off"
        error={fault}
        value={entered.typed[place] ?? String(value)}
        onChange={(event) => change({ ...entered, typed: { ...entered.typed, [place]: event.currentTarget.value } })}
      />
    )
  return (
    <div className={css.stays}>
      <span>{visible(name)}</span>
      <Value of={value} />
    </div>
  )
}
