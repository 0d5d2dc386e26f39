// Files become text that goes before the question.
import type { Attachment } from '../data/types';

const largest = 1_000_000;

/** The texts of files, and a sentence for each that is none. */
export async function readFiles(files: Iterable<File>): Promise<{ attachments: Attachment[]; problems: string[] }> {
  const attachments: Attachment[] = [], problems: string[] = [];
  for (const file of files) {
    if (file.size > largest) {
      problems.push(`${file.name} is larger than 1 MB.`);
      continue;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      if (text.includes('\0')) throw new Error('binary');
      attachments.push({ name: file.name, text });
    } catch {
      problems.push(`${file.name} is no text.`);
    }
  }
  return { attachments, problems };
}
