/**
 * Joins calls that arrive in one turn of the event loop into one batch and hands the answers back one by one. Each call
 * still starts after it was made, so an answer is never older than its question.
 */
export function coalesce<Question, Answer>(
  ask: (questions: Question[]) => Promise<Answer[]>,
  mostPerBatch = 256,
): (question: Question) => Promise<Answer> {
  type Waiting = { question: Question; resolve: (answer: Answer) => void; reject: (fault: unknown) => void }
  let waiting: Waiting[] = []

  const send = (batch: Waiting[]) => {
    ask(batch.map((one) => one.question)).then(
      (answers) => {
        for (const [i, one] of batch.entries()) one.resolve(answers[i] as Answer) // ask answers each question
      },
      (fault) => {
        for (const one of batch) one.reject(fault)
      },
    )
  }

  const flush = () => {
    const all = waiting
    waiting = []
    for (let i = 0; i < all.length; i += mostPerBatch) send(all.slice(i, i + mostPerBatch))
  }

  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ question, resolve, reject })
    })
}
