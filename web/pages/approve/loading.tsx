import { Card } from '../../ui/shell.tsx'
import css from './pending.module.css'

/** The page's shape while it loads, so that nothing jumps when it is there. */
export const Loading = () => (
  <Card className={css.sheet}>
    <div className={css.ask}>
      <h1 className={css.title}>Loading the request…</h1>
      <div className={css.bone} />
      <div className={css.bone} />
    </div>
    <div className={css.decide} aria-hidden="true">
      <div className={css.bone} />
      <div className={css.boneButton} />
      <div className={css.boneButton} />
    </div>
  </Card>
)
