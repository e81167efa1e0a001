/** What the agent is told, and the record says, when an approver did not expect a request. */
export const unexpected = 'The approver did not expect this.'
