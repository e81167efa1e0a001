import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { sendMail } from '../mails/mail.ts'

type Asked = { key_path: string; info?: string | undefined; notify?: readonly string[] | undefined }

/** Mails the link to those whom the request names, each address once. */
export async function mailRequest(
  sql: Sql,
  ctx: Ctx<KeyActor | PersonActor>,
  projectId: string,
  asked: Asked,
  made: { approval_id: string; url: string; expires_at: string },
): Promise<void> {
  const [project] = await sql<{ name: string }[]>`select name from projects where id = ${projectId}`
  const data = {
    project: project?.name ?? '',
    keyPath: asked.key_path,
    info: asked.info ?? null,
    requestedBy: ctx.actor.name,
    url: made.url,
    approvalId: made.approval_id,
    expiresAt: made.expires_at,
  }
  for (const to of new Set(asked.notify)) await sendMail(sql, ctx, to, { kind: 'approval request', data })
}
