import type { Call, CallWith } from '@mynah/adapter-kit'
import { isRecord } from '@mynah/adapter-kit'

import type { GroupFileList, GroupFileSystem, Id, LocalFile, UploadedFile } from '../wire/results.ts'
import { Resource, withNumbers } from './actions.ts'

/** Where a file of a group lies. `busid` is needed by go-cqhttp. */
export interface GroupFileRef {
  /** The group it lies in. */
  readonly group_id: Id
  /** As a list or the event of its upload gives it. */
  readonly file_id: string
  /** From the same place. */
  readonly busid?: number
}

/** Files of groups and private chats. */
export class FilesApi extends Resource {
  /** Puts a file into a group. On go-cqhttp and Lagrange `file` is a path on their machine. */
  uploadToGroup(
    params: { group_id: Id; file: string; name: string; folder?: string },
    options: { timeoutMs?: number } = {},
  ): Promise<UploadedFile> {
    const { folder } = params
    return this.#upload('upload_group_file', { ...params, folder_id: folder }, options)
  }

  /** Sends a file to a person. On go-cqhttp and Lagrange `file` is a path on their machine. */
  uploadToUser(
    params: { user_id: Id; file: string; name: string },
    options: { timeoutMs?: number } = {},
  ): Promise<UploadedFile> {
    return this.#upload('upload_private_file', params, options)
  }

  /** Some answer nothing. */
  async #upload(action: string, params: object, options: { timeoutMs?: number }): Promise<UploadedFile> {
    const data = await this.actions.call(action, params, options)
    const id = isRecord(data) ? data['file_id'] : undefined
    return typeof id === 'string' ? { file_id: id } : {}
  }

  /** What lies at the top of a group's files, or in a folder. */
  async listGroup(
    groupId: Id,
    options: { folder_id?: string; file_count?: number } = {},
  ): Promise<GroupFileList> {
    const action = options.folder_id === undefined ? 'get_group_root_files' : 'get_group_files_by_folder'
    const list = await this.actions.object<GroupFileList>(action, { group_id: groupId, ...options })
    const files = list.files?.map((file) => withNumbers(file, ['file_size', 'busid']))
    return { ...list, files: files ?? [] }
  }

  /** How full a group's files are. */
  getGroupUsage(groupId: Id): Promise<GroupFileSystem> {
    const numbers = ['file_count', 'limit_count', 'used_space', 'total_space'] as const
    return this.actions.object('get_group_file_system_info', { group_id: groupId }, numbers)
  }

  /** Where a file of a group can be downloaded. */
  readonly getGroupUrl: CallWith<GroupFileRef, string> = this.says('get_group_file_url', 'url')

  /** Where a file of a private chat can be downloaded (NapCat, LLOneBot, Lagrange). */
  readonly getPrivateUrl: CallWith<{ file_id: string; user_id?: Id; file_hash?: string }, string> = this.says(
    'get_private_file_url',
    'url',
  )

  /** Deletes a file of a group. */
  readonly delete: CallWith<GroupFileRef> = this.does('delete_group_file')

  /** Moves a file to another folder (NapCat, LLOneBot, Lagrange). */
  move(params: {
    group_id: Id
    file_id: string
    parent_directory: string
    target_directory: string
  }): Promise<void> {
    return this.actions.run('move_group_file', {
      ...params,
      current_parent_directory: params.parent_directory,
      target_parent_directory: params.target_directory,
    })
  }

  /** Renames a file (NapCat, LLOneBot). */
  readonly rename: CallWith<{
    group_id: Id
    file_id: string
    current_parent_directory: string
    new_name: string
  }> = this.does('rename_group_file')

  /** Keeps a temporary file of a group (NapCat, LLOneBot). */
  readonly keep: Call<[groupId: Id, fileId: string]> = this.does('trans_group_file(group_id, file_id)')

  /** Makes a folder, at the top unless `parent_id` says otherwise. */
  createFolder(groupId: Id, name: string, options: { parent_id?: string } = {}): Promise<void> {
    const params = { group_id: groupId, name, folder_name: name, parent_id: '/', ...options }
    return this.actions.run('create_group_file_folder', params)
  }

  /** Renames a folder (LLOneBot, Lagrange). */
  readonly renameFolder: Call<[groupId: Id, folderId: string, name: string]> = this.does(
    'rename_group_file_folder(group_id, folder_id, new_folder_name)',
  )

  /** Deletes a folder. */
  readonly deleteFolder: Call<[groupId: Id, folderId: string]> = this.does(
    'delete_group_folder(group_id, folder_id)',
  )

  /** A received file on the implementation's machine (NapCat, LLOneBot). */
  get(params: { file?: string; file_id?: string; download?: boolean }): Promise<LocalFile> {
    return this.actions.object('get_file', params, ['file_size'])
  }

  /** Downloads a file to the implementation's machine. @returns Its path there. */
  readonly download: CallWith<
    {
      url?: string
      base64?: string
      name?: string
      thread_count?: number
      headers?: string | readonly string[]
    },
    string
  > = this.says('download_file', 'file')
}
