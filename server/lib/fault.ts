/**
 * A reason not to start that the operator can mend: a setting, a key, a directory. Its sentences are meant to be
 * printed and hold no secret. The process ends with 78 (EX_CONFIG of sysexits), so that no supervisor retries blindly.
 */
export class StartFault extends Error {
  readonly exitCode = 78
  readonly sentences: readonly string[]

  constructor(...sentences: string[]) {
    super(sentences.join('\n'))
    this.name = new.target.name
    this.sentences = sentences
  }
}
