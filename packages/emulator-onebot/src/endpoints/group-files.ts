import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { Group, GroupFile, GroupFolder } from '../world/entities.ts'
import type { Media } from '../world/media-store.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const all = 'GNBL'
const busid = 102
const totalSpace = 10_737_418_240

const groupOf = (params: Params, { outbox }: ActionContext): Group =>
  outbox.groupOf(params.integer('group_id'))

/** go-cqhttp and Lagrange take only paths on their machine, the others any source. */
function uploaded(params: Params, { world, profile }: ActionContext): Media {
  const name = params.text('name')
  const file = params.text('file')
  if (profile.letter === 'G' || profile.letter === 'L') return world.media.acceptPath(file, name)
  return world.media.accept(file, name)
}

const idOf = (fileId: string, { profile }: ActionContext): RawEvent | null =>
  profile.letter === 'N' || profile.letter === 'B' ? { file_id: fileId } : null

function uploadToGroup(params: Params, context: ActionContext): RawEvent | null {
  const group = groupOf(params, context)
  const { world, outbox } = context
  const media = uploaded(params, context)
  const folderId = params.textOr('folder', '') || params.textOr('folder_id', '') || '/'
  if (folderId !== '/' && !group.folders.has(folderId)) throw new ApiRefusal('FILE_SYSTEM_API_ERROR')
  const fileId = `/${media.md5}-${world.serial()}`
  group.files.set(fileId, {
    fileId,
    name: params.text('name'),
    size: media.bytes?.length ?? 0,
    busid,
    folderId,
    uploadTime: world.time,
    deadTime: 0,
    uploader: world.self.userId,
    media: media.md5,
  })
  outbox.put({ kind: 'group', groupId: group.groupId }, [
    { type: 'file', data: { file: media.md5, name: media.name } },
  ])
  return idOf(fileId, context)
}

function uploadToUser(params: Params, context: ActionContext): RawEvent | null {
  const { world, outbox } = context
  const userId = params.integer('user_id')
  if (world.people.get(userId)?.isFriend !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
  const media = uploaded(params, context)
  outbox.put({ kind: 'private', userId }, [{ type: 'file', data: { file: media.md5, name: media.name } }])
  return idOf(media.md5, context)
}

function describeFile(group: Group, file: GroupFile, { world }: ActionContext): RawEvent {
  return {
    group_id: group.groupId,
    file_id: file.fileId,
    file_name: file.name,
    busid: file.busid,
    file_size: file.size,
    upload_time: file.uploadTime,
    dead_time: file.deadTime,
    modify_time: file.uploadTime,
    download_times: 0,
    uploader: file.uploader,
    uploader_name: world.people.get(file.uploader)?.nickname ?? '',
  }
}

function describeFolder(group: Group, folder: GroupFolder, { world }: ActionContext): RawEvent {
  return {
    group_id: group.groupId,
    folder_id: folder.folderId,
    folder_name: folder.name,
    create_time: folder.createTime,
    creator: folder.creator,
    creator_name: world.people.get(folder.creator)?.nickname ?? '',
    total_file_count: [...group.files.values()].filter((file) => file.folderId === folder.folderId).length,
  }
}

function list(group: Group, folderId: string, context: ActionContext): RawEvent {
  const files = [...group.files.values()].filter((file) => file.folderId === folderId)
  const folders = folderId === '/' ? [...group.folders.values()] : []
  return {
    files: files.map((file) => describeFile(group, file, context)),
    folders: folders.map((folder) => describeFolder(group, folder, context)),
  }
}

const folderOf = (group: Group, params: Params): GroupFolder => {
  const folder = group.folders.get(params.text('folder_id'))
  if (folder === undefined) throw new ApiRefusal('FILE_SYSTEM_API_ERROR', { text: '文件夹不存在' })
  return folder
}

const fileOf = (group: Group, params: Params): GroupFile => {
  const file = group.files.get(params.text('file_id'))
  if (file === undefined) throw new ApiRefusal('FILE_NOT_FOUND')
  return file
}

const urlOf = (media: string, { world }: ActionContext): RawEvent => {
  const found = world.media.find(media)
  if (found === undefined) throw new ApiRefusal('FILE_NOT_FOUND')
  return { url: found.url }
}

function createFolder(params: Params, context: ActionContext): null {
  const group = groupOf(params, context)
  const name = params.firstText('name', 'folder_name')
  if (params.textOr('parent_id', '/') !== '/') throw new ApiRefusal('FILE_SYSTEM_API_ERROR')
  const folderId = `/${context.world.longId()}`
  group.folders.set(folderId, {
    folderId,
    name,
    createTime: context.world.time,
    creator: context.world.self.userId,
  })
  return null
}

function deleteFolder(params: Params, context: ActionContext): null {
  const group = groupOf(params, context)
  const { folderId } = folderOf(group, params)
  for (const file of group.files.values()) if (file.folderId === folderId) group.files.delete(file.fileId)
  group.folders.delete(folderId)
  return null
}

function moveFile(params: Params, context: ActionContext): RawEvent | null {
  const group = groupOf(params, context)
  const file = fileOf(group, params)
  const isN = context.profile.letter === 'N'
  const target = params.text(isN ? 'target_parent_directory' : 'target_directory')
  if (file.folderId !== params.text(isN ? 'current_parent_directory' : 'parent_directory')) {
    throw new ApiRefusal('FILE_SYSTEM_API_ERROR', { text: '文件不在该目录' })
  }
  if (target !== '/' && !group.folders.has(target)) throw new ApiRefusal('FILE_SYSTEM_API_ERROR')
  file.folderId = target
  return isN ? { ok: true } : null
}

function renameFile(params: Params, context: ActionContext): RawEvent | null {
  const file = fileOf(groupOf(params, context), params)
  params.text('current_parent_directory')
  file.name = params.text('new_name')
  return context.profile.letter === 'N' ? { ok: true } : null
}

function keepFile(params: Params, context: ActionContext): RawEvent | null {
  fileOf(groupOf(params, context), params).deadTime = 0
  return context.profile.letter === 'N' ? { ok: true } : null
}

/** Files of groups and of private chats. */
export const groupFileActions: ActionTable = {
  upload_group_file: { on: all, run: uploadToGroup },
  upload_private_file: { on: all, run: uploadToUser },
  get_group_root_files: { on: all, run: (params, context) => list(groupOf(params, context), '/', context) },
  get_group_files_by_folder: {
    on: all,
    run: (params, context) => {
      const group = groupOf(params, context)
      return list(group, folderOf(group, params).folderId, context)
    },
  },
  get_group_file_url: {
    on: all,
    run: (params, context) => urlOf(fileOf(groupOf(params, context), params).media, context),
  },
  get_private_file_url: { on: 'NBL', run: (params, context) => urlOf(params.text('file_id'), context) },
  get_group_file_system_info: {
    on: 'GNB',
    run: (params, context) => {
      const files = [...groupOf(params, context).files.values()]
      const used = files.reduce((sum, file) => sum + file.size, 0)
      return { file_count: files.length, limit_count: 10_000, used_space: used, total_space: totalSpace }
    },
  },
  create_group_file_folder: { on: all, run: createFolder },
  delete_group_file: {
    on: all,
    run: (params, context) => {
      const group = groupOf(params, context)
      group.files.delete(fileOf(group, params).fileId)
      return null
    },
  },
  delete_group_folder: { on: 'GNB', run: deleteFolder },
  delete_group_file_folder: { on: 'L', run: deleteFolder },
  move_group_file: { on: 'NBL', run: moveFile },
  rename_group_file: { on: 'NB', run: renameFile },
  rename_group_file_folder: {
    on: 'BL',
    run: (params, context) => {
      folderOf(groupOf(params, context), params).name = params.text('new_folder_name')
      return null
    },
  },
  trans_group_file: { on: 'N', run: keepFile },
  set_group_file_forever: { on: 'B', run: keepFile },
}
