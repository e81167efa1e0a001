import type { World } from '../server/world.ts'
import type { ChannelEvent } from '../shared/channels.ts'
import { as, asVisitor } from './as.ts'
import { makeKey, makeProject } from './make.ts'
import { makePerson } from './people.ts'
import type { services } from './services.ts'
import { until } from './until.ts'

export const chats = ['slack', 'mattermost', 'teams', 'discord', 'ntfy'] as const

export type Chat = (typeof chats)[number]

/** A project with people and a key that asks, and channels of it at doubles of the services. */
export async function makeChannels(world: World, there: Awaited<ReturnType<typeof services>>) {
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  const { actor, key } = await makeKey(world, project)
  return {
    ...{ project, ana, actor, key },
    async channel(chat: Chat, more: { events?: ChannelEvent[] } = {}) {
      const { address, path } = there.place(chat)
      const kind = chat === 'mattermost' ? 'slack' : chat
      const made = await as(world, ana.actor).channels.create({ kind, name: chat, address, ...more })
      const texts = () => there.at(path).map(({ text }) => text)
      return {
        ...{ id: made.id, path, texts },
        /** Waits for a message that says all of these. */
        says: (...words: string[]) =>
          until(async () => texts().some((text) => words.every((word) => text.includes(word)))),
      }
    },
  }
}

/** Opens a link and presses a button of it. */
export async function press(world: World, token: string, more: { action?: string; pin?: string } = {}) {
  const page = asVisitor(world)
  const { csrf_token, action_hash } = await page.approvals.open({ token })
  return page.approvals.act({ token, action: 'approve', csrf_token, action_hash, ...more })
}
