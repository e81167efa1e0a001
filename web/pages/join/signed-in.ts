import { useQuery } from '@tanstack/react-query'
import { whoAmI } from '../../call.ts'
import { faultOf } from '../../parts/fault.ts'

/** Who is signed in in this browser; undefined when nobody is. */
export function useSignedIn() {
  const me = useQuery(whoAmI)
  if (me.data && !(me.error && faultOf(me.error).code === 'SIGNED_OUT')) return me.data
  return me.error ? undefined : 'asking'
}
