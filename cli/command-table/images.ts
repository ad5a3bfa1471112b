/** The rows of the commands about groups and images. */

import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { Command } from '../command.ts';
import { sharedOptions } from '../options.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function groupCommands(texts: HelpTexts): readonly Command[] {
  const { groups } = texts;
  const { group, yes } = sharedOptions(texts);
  return [
    {
      path: 'group list',
      summary: groups.list.summary,
      load: async () => (await import('../commands/group-list.ts')).groupList,
    },
    {
      path: 'group show',
      summary: groups.show.summary,
      arguments: [group],
      load: async () => (await import('../commands/group-show.ts')).groupShow,
    },
    {
      path: 'group create',
      summary: groups.create.summary,
      arguments: [
        { syntax: '<name>', help: groups.create.name },
        { syntax: '[hosts...]', help: groups.hosts },
      ],
      load: async () => (await import('../commands/group-create.ts')).groupCreate,
    },
    {
      path: 'group edit',
      summary: groups.edit.summary,
      arguments: [group],
      options: [
        { flags: '--name <name>', help: groups.edit.name },
        { flags: '--add <host...>', help: groups.hosts },
        { flags: '--remove <host...>', help: groups.edit.remove },
      ],
      load: async () => (await import('../commands/group-edit.ts')).groupEdit,
    },
    {
      path: 'group delete',
      summary: groups.delete.summary,
      arguments: [group],
      options: [yes],
      load: async () => (await import('../commands/group-delete.ts')).groupDelete,
    },
  ];
}

export function imageCommands(texts: HelpTexts): readonly Command[] {
  const { images } = texts;
  const { disk, host, image, yes } = sharedOptions(texts);
  return [
    {
      path: 'image list',
      summary: images.list.summary,
      load: async () => (await import('../commands/image-list.ts')).imageList,
    },
    {
      path: 'image show',
      summary: images.show.summary,
      arguments: [image],
      options: [{ flags: '--by-hand', help: images.show.byHand }],
      load: async () => (await import('../commands/image-show.ts')).imageShow,
    },
    {
      path: 'image layout',
      summary: images.layout.summary,
      details: images.layout.details,
      arguments: [image, host],
      options: [disk],
      load: async () => (await import('../commands/image-layout.ts')).imageLayout,
    },
    {
      path: 'image verify',
      summary: images.verify.summary,
      details: images.verify.details(ERROR_TREATMENT['image-damaged'].exitStatus),
      arguments: [image],
      options: [{ flags: '--all-versions', help: images.verify.allVersions }],
      load: async () => (await import('../commands/image-verify.ts')).imageVerify,
    },
    {
      path: 'image rename',
      summary: images.rename.summary,
      arguments: [image, { syntax: '<new-name>', help: images.rename.newName }],
      load: async () => (await import('../commands/image-rename.ts')).imageRename,
    },
    {
      path: 'image protect',
      summary: images.protect.summary,
      arguments: [image],
      load: async () => (await import('../commands/image-protect.ts')).imageProtect,
    },
    {
      path: 'image unprotect',
      summary: images.unprotect.summary,
      arguments: [image],
      load: async () => (await import('../commands/image-unprotect.ts')).imageUnprotect,
    },
    {
      path: 'image delete',
      summary: images.delete.summary,
      arguments: [image],
      options: [yes],
      load: async () => (await import('../commands/image-delete.ts')).imageDelete,
    },
  ];
}
