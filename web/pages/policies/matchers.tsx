import { Fragment } from 'react'
import { visible } from '../../../shared/visible.ts'
import css from './policies.module.css'
import { type Matcher, operatorWords, valueWords } from './words.ts'

/** When a policy answers, as one sentence: "action is email.send and scope.amount at most 50". */
export const Matchers = ({ of }: { of: readonly Matcher[] }) => (
  <p className={css.matchers}>
    {of.map((matcher, at) => {
      const value = valueWords(matcher)
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: matchers have no name but their place, and hold nothing
        <Fragment key={at}>
          {at > 0 && ' and '}
          <code>{visible(matcher.field)}</code> {operatorWords[matcher.op]}
          {value !== '' && (
            <>
              {' '}
              <code className={css.value}>{visible(value)}</code>
            </>
          )}
        </Fragment>
      )
    })}
  </p>
)
