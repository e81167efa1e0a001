/** Where people can be told, and of what. No schema, so that the browser may import it. */

/** Kinds of channels, as people call them. */
export const channelKinds = {
  mail: 'E-mail',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  ntfy: 'ntfy',
} as const

export type ChannelKind = keyof typeof channelKinds

/** The events that a channel can be told of, in the words of a form. */
export const channelEvents = {
  'approval.created': 'An approval is asked for',
  'permission.requested': 'An agent asks for a permission',
  'approval.executed': 'It is decided',
  'approval.expired': 'It expires undecided',
  'approval.invalidated': 'It is withdrawn',
  'approval.reported': 'Somebody reports that they did not expect it',
  'approval.pin_failed': 'A PIN or number is wrong',
  'approval.locked': 'It is locked after five wrong attempts',
  'secret.contested': 'Somebody comes for a secret that was read already',
} as const

export type ChannelEvent = keyof typeof channelEvents

/** All of them, which is what a new channel is told of. */
export const everyChannelEvent = Object.keys(channelEvents) as [ChannelEvent, ...ChannelEvent[]] // the keys of a literal object are exactly its type's keys

/** A project has at most so many channels. */
export const mostChannels = 20
