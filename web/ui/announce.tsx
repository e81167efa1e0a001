/** Says a line to a screen reader when it changes; there from the first drawing, or it would stay unheard. */
export const Announce = ({ text, urgent = false }: { text: string; urgent?: boolean }) => (
  <div className="unseen" aria-live={urgent ? 'assertive' : 'polite'} aria-atomic="true">
    {text}
  </div>
)
