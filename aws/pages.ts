import { unexpectedAnswer } from './answer.ts';
import type { AwsCall } from './aws-call-error.ts';
import { callAws } from './call-aws.ts';

/** More than any account of ours has (200 pages of 1,000 interfaces); a read that needs more is not going to end. */
const MAXIMUM_PAGES = 200;

/**
 * Reads page after page until AWS gives no further token.
 * @throws {AwsCallError} when a page fails, a token comes back, or the pages do not end; never a shorter list
 */
export const readPages = async <Page>(
  call: AwsCall,
  ask: (token: string | undefined) => Promise<Page>,
  nextTokenOf: (page: Page) => string | undefined,
): Promise<readonly Page[]> => {
  const pages: Page[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; pages.length < MAXIMUM_PAGES; seen.add(token)) {
    const page = await callAws(call, () => ask(token));
    pages.push(page);
    token = nextTokenOf(page) || undefined;
    if (token === undefined) return pages;
    if (seen.has(token)) throw unexpectedAnswer(call, 'the same page token came twice');
  }
  throw unexpectedAnswer(call, `the answer has more than ${MAXIMUM_PAGES} pages`);
};
