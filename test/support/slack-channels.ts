/** A channel that exists and that the bot was never invited to. */
export const CHANNEL_WITHOUT_BOT = 'C9000000000';
