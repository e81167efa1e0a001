/** So many calls are worth a batch of their own, whether or not the one before is back. 8 measured a tenth faster than 16. */
const enough = 8

/** A batch that takes longer than this (ms) no longer holds back the next: one dead connection must not stop all. */
const patience = 100

/**
 * Joins calls that arrive in one turn of the event loop, or (up to `enough`) while the batch before is under way, into one
 * batch and hands the answers back one by one: load makes batches larger before it makes more of them. Each call still
 * starts after it was made, so an answer is never older than its question.
 */
export function coalesce<Question, Answer>(
  ask: (questions: Question[]) => Promise<Answer[]>,
  mostPerBatch = 256,
): (question: Question) => Promise<Answer> {
  type Waiting = { question: Question; resolve: (answer: Answer) => void; reject: (fault: unknown) => void }
  let waiting: Waiting[] = []
  /** The batch that the next one waits for. */
  let before: Waiting[] | undefined
  let scheduled = false

  const send = (batch: Waiting[]) => {
    before = batch
    const timer = setTimeout(letGo, patience, batch)
    const over = () => {
      clearTimeout(timer)
      letGo(batch)
    }
    ask(batch.map((one) => one.question)).then(
      (answers) => {
        over()
        for (let i = 0; i < batch.length; i++) batch[i]?.resolve(answers[i] as Answer) // ask answers each question
      },
      (fault) => {
        over()
        for (const one of batch) one.reject(fault)
      },
    )
  }

  const isDue = () => waiting.length >= enough || (waiting.length > 0 && before === undefined)

  const letGo = (batch: Waiting[]) => {
    if (before !== batch) return
    before = undefined
    schedule()
  }

  const flush = () => {
    scheduled = false
    while (isDue()) {
      const batch = waiting
      waiting = batch.splice(mostPerBatch)
      send(batch)
    }
  }

  const schedule = () => {
    if (scheduled || !isDue()) return
    scheduled = true
    setImmediate(flush)
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      schedule()
    })
}
