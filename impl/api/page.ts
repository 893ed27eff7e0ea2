import { z } from 'zod';

import type { Link } from './envelope.ts';

const DEFAULT_SIZE = 100;
const MAX_SIZE = 1000;

const count = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, { error: `must be a whole number from 1 to ${max}` })
    .transform(Number)
    .refine((value) => value <= max, { error: `must be at most ${max}` });

/** Query of a list: `page` counts from 1, `size` is entries per page. */
export const pageQuerySchema = z.object({
  page: count(999_999_999).default(1),
  size: count(MAX_SIZE).default(DEFAULT_SIZE),
});

/** One page of a list, and the path that its links use. */
export interface PageContent<T> {
  readonly path: string;
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly items: T[];
}

/** The envelope around one page, with links to the others. */
export function pageBody<T>({ path, page, size, total, items }: PageContent<T>) {
  const totalPages = Math.max(1, Math.ceil(total / size));
  const link = (rel: Link['rel'], number: number): Link => ({
    href: `${path}?page=${number}&size=${size}`,
    rel,
    method: 'GET',
  });
  const links = [link('self', page), link('first', 1), link('last', totalPages)];
  if (page > 1) links.push(link('prev', Math.min(page - 1, totalPages)));
  if (page < totalPages) links.push(link('next', page + 1));
  return {
    links,
    data: items,
    errors: [],
    page: { pageSize: size, totalElements: total, totalPages, pageNumber: page },
  };
}
