import type { Asked } from '../../domain/front-door/walk.ts';

/** Asks for one page as a visitor without a past would: no cookies, no credentials. */
export interface HttpProbe {
  /** One GET; a redirection is an answer, not followed. Never throws: what hindered it is an answer. @param url `http` or `https` */
  get(url: string): Promise<Asked>;
}
