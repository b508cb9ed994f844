/** Everything in a text that Slack would act on instead of showing: pings, links, dates. */
export const liveTags = (text: string): readonly string[] => text.match(/<[^<>]*>/g) ?? [];
