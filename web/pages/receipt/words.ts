import { Check, Clock, Flame, Hourglass, type LucideIcon } from 'lucide-react'
import type { Tone } from '../../ui/mark.tsx'
import { endOf, isOpen, type Receipt } from './reading.ts'

/** Where a secret stands, in words; `at`: since when, as ISO 8601. */
export type Told = { icon: LucideIcon; tone: Tone; word: string; headline: string; meaning: string; at?: string }

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

export function tell(receipt: Receipt): Told {
  if (isOpen(receipt))
    return {
      icon: Clock,
      tone: 'info',
      word: 'Not read yet',
      headline: 'Your secret is waiting to be read',
      meaning: 'It opens once. This page shows by itself when that happens.',
    }
  if (receipt.state === 'received')
    return {
      icon: Check,
      tone: 'ok',
      word: 'Read',
      headline: 'Your secret was read',
      meaning: 'Nobody can read it again. If it was not read by whom it was meant for, change the secret.',
      at: iso(receipt.received ?? receipt.updated),
    }
  if (receipt.state === 'burned')
    return {
      icon: Flame,
      tone: 'quiet',
      word: 'Burned',
      headline: 'Your secret was burned',
      meaning: 'It was taken back, and nobody has read it. Nothing of it is left.',
      at: iso(receipt.burned ?? receipt.updated),
    }
  return {
    icon: Hourglass,
    tone: 'quiet',
    word: 'Expired',
    headline: 'Your secret has expired',
    meaning: 'Nobody read it in time. Nothing of it is left.',
    at: new Date(endOf(receipt)).toISOString(),
  }
}

export const madeAt = ({ created }: Receipt): string => iso(created)
