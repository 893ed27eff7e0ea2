import { AttachmentContentEncoding, type Attachment } from '@cucumber/messages';
import { z } from 'zod';

import {
  VIOLATION_MEDIA_TYPE,
  WITHHELD_MEDIA_TYPE,
  type Violation,
  type Withheld,
} from '../harness/verdict.ts';

const withheldSchema = z.object({
  verdict: z.enum(['skipped', 'inconclusive']),
  reason: z.string().regex(/\S/),
  breaks: z.string().optional(),
  voids: z.boolean().optional(),
});

/** How a target broke a rule, as reports store it. */
export const violationSchema = z.strictObject({
  acceptable: z.array(z.string()),
  actual: z.string(),
  where: z.string().exactOptional(),
});

/** Whether the attachment is data for the reports, not to be shown as it is. */
export function isData({ mediaType }: Attachment): boolean {
  return mediaType === WITHHELD_MEDIA_TYPE || mediaType === VIOLATION_MEDIA_TYPE;
}

/** Why a step could not be judged; undefined where the attachment does not say so. */
export function withheldIn(attachment: Attachment): Withheld | undefined {
  return dataIn(attachment, withheldSchema);
}

/** What a step found broken; undefined where the attachment does not say so. */
export function violationIn(attachment: Attachment): Violation | undefined {
  return dataIn(attachment, violationSchema);
}

function dataIn<T>({ body, contentEncoding }: Attachment, schema: z.ZodType<T>): T | undefined {
  const encoding = contentEncoding === AttachmentContentEncoding.BASE64 ? 'base64' : 'utf8';
  try {
    return schema.parse(JSON.parse(Buffer.from(body, encoding).toString('utf8')));
  } catch {
    return undefined;
  }
}
