import type { FileBody, FileResult, UploadPartBody, UploadPlan, UploadPrepareBody } from '../wire/send.ts'
import type { Target } from '../encode/target.ts'
import { pathOf } from './messages.ts'
import { Resource } from './resource.ts'

const uploadTimeoutMs = 120_000

/** Files for users and groups; the path is always that of the target, as files of one kind of place are unknown to the other. */
export class FileApi extends Resource {
  /** Uploads a file, or finishes an upload in parts; once, as who sends the message tries again. @see Official docs: "Rich media messages". */
  upload(target: Target, body: FileBody): Promise<FileResult> {
    return this.call(`POST ${pathOf(target)}/files`, [target.id], {
      json: body,
      idempotent: !body.srv_send_msg,
      once: true,
      timeoutMs: uploadTimeoutMs,
    })
  }

  /** Begins an upload in parts. @see Official docs: "Rich media messages", uploading in parts. */
  prepare(target: Target, body: UploadPrepareBody): Promise<UploadPlan> {
    return this.call(`POST ${pathOf(target)}/upload_prepare`, [target.id], {
      json: body,
      idempotent: true,
      once: true,
    })
  }

  /** Tells that a part was stored. @see Official docs: "Rich media messages", uploading in parts. */
  async finishPart(target: Target, body: UploadPartBody): Promise<void> {
    await this.call(`POST ${pathOf(target)}/upload_part_finish`, [target.id], {
      json: body,
      idempotent: true,
    })
  }
}
